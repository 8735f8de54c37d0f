#include "time_phrases.hpp"

#include "named_zone.hpp"
#include "text_template.hpp"

#include <unicode/dtptngen.h>
#include <unicode/plurrule.h>
#include <unicode/reldatefmt.h>
#include <unicode/smpdtfmt.h>

#include <stdexcept>

namespace deskbridge {
namespace {

using namespace std::chrono_literals;

std::string to_utf8(icu::UnicodeString const& text)
{
    std::string out;
    text.toUTF8String(out);
    return out;
}

void demand(UErrorCode status, char const* what)
{
    if (U_FAILURE(status))
        throw std::runtime_error{std::string{"ICU: "} + what + ": " + u_errorName(status)};
}

/// With ASCII digits: the numbers beside ours (references, counts) are ASCII too.
icu::Locale locale_of(std::string_view language)
{
    UErrorCode status = U_ZERO_ERROR;
    auto locale = icu::Locale::forLanguageTag(std::string{language} + "-u-nu-latn", status);
    demand(status, "locale");
    return locale;
}

std::unique_ptr<icu::PluralRules> rules_of(icu::Locale const& locale)
{
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::PluralRules> rules{icu::PluralRules::forLocale(locale, status)};
    demand(status, "plural rules");
    return rules;
}

/// Upwards, in whole units.
template <class Unit>
std::chrono::minutes::rep rounded_up(std::chrono::minutes duration)
{
    return std::chrono::ceil<Unit>(duration).count();
}

} // namespace

struct TimePhrases::Formats {
    Formats(std::string_view language, std::string const& time_zone)
        : locale{locale_of(language)}, zone{named_zone(time_zone)}, rules{rules_of(locale)}
    {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::DateTimePatternGenerator> const generator{icu::DateTimePatternGenerator::createInstance(locale, status)};
        demand(status, "date patterns");
        time = generator->getBestPattern("Hm", status);
        weekday = generator->getBestPattern("EEEE", status);
        day = generator->getBestPattern("MMMMd", status);
        year_day = generator->getBestPattern("yMMMMd", status);
        relative = std::make_unique<icu::RelativeDateTimeFormatter>(locale, status);
        demand(status, "relative dates");
    }

    /// A formatter is large and belongs to one thread at a time; the pattern is neither.
    [[nodiscard]] std::string render(icu::UnicodeString const& pattern, Timestamp at) const
    {
        UErrorCode status = U_ZERO_ERROR;
        icu::SimpleDateFormat format{pattern, locale, status};
        demand(status, "date format");
        format.setTimeZone(*zone);
        icu::UnicodeString out;
        return to_utf8(format.format(static_cast<UDate>(to_ms(at)), out));
    }

    [[nodiscard]] std::string ago(double count, UDateRelativeUnit unit) const
    {
        UErrorCode status = U_ZERO_ERROR;
        icu::UnicodeString out;
        relative->format(count, UDAT_DIRECTION_LAST, unit, out, status);
        demand(status, "relative date");
        return to_utf8(out);
    }

    /// Midnight to midnight, in the account's zone.
    [[nodiscard]] std::chrono::sys_days local_day(Timestamp at) const
    {
        std::int32_t raw = 0;
        std::int32_t dst = 0;
        UErrorCode status = U_ZERO_ERROR;
        zone->getOffset(static_cast<UDate>(to_ms(at)), 0, raw, dst, status);
        demand(status, "zone offset");
        return std::chrono::floor<std::chrono::days>(at + std::chrono::milliseconds{raw + dst});
    }

    icu::Locale locale;
    std::unique_ptr<icu::TimeZone const> zone;
    std::unique_ptr<icu::PluralRules const> rules;
    icu::UnicodeString time, weekday, day, year_day;
    std::unique_ptr<icu::RelativeDateTimeFormatter const> relative;
};

std::set<std::string> plural_categories(std::string_view language)
{
    constexpr int largest_count = 120; // every category of a count of ours occurs below
    auto const rules = rules_of(locale_of(language));
    std::set<std::string> categories;
    for (int count = 1; count <= largest_count; ++count)
        categories.insert(to_utf8(rules->select(count)));
    return categories;
}

TimePhrases::TimePhrases(std::string_view language, std::string const& time_zone, Phrases phrases, Plurals plurals)
    : phrases_{std::move(phrases)}, plurals_{std::move(plurals)}, formats_{std::make_unique<Formats const>(language, time_zone)}
{
}

TimePhrases::TimePhrases(TimePhrases&&) noexcept = default;
TimePhrases::~TimePhrases() = default;

std::string const& TimePhrases::phrase(std::string_view name) const
{
    auto const found = phrases_.find(name);
    if (found == phrases_.end())
        throw std::invalid_argument{"no such phrase: " + std::string{name}};
    return found->second;
}

std::string TimePhrases::counted(std::string_view name, std::chrono::minutes::rep count) const
{
    auto const& forms = plurals_.find(name)->second;
    auto const form = forms.find(to_utf8(formats_->rules->select(static_cast<std::int32_t>(count))));
    return fill_template(form == forms.end() ? forms.find("other")->second : form->second, {{"count", std::to_string(count)}});
}

std::string TimePhrases::at_time(std::string const& day, Timestamp at) const
{
    return fill_template(phrase("day_and_time"), {{"day", day}, {"time", formats_->render(formats_->time, at)}});
}

std::string TimePhrases::when(Timestamp at, Timestamp now) const
{
    auto const age = std::chrono::floor<std::chrono::minutes>(now - at);
    if (age < 1min)
        return phrase("just_now");
    if (age < 1h)
        return formats_->ago(static_cast<double>(age.count()), UDAT_RELATIVE_MINUTES);
    auto const day = formats_->local_day(at);
    auto const days = (formats_->local_day(now) - day).count();
    if (days == 0 || age < 6h)
        return formats_->ago(static_cast<double>(std::chrono::floor<std::chrono::hours>(age).count()), UDAT_RELATIVE_HOURS);
    if (days == 1)
        return at_time(phrase("yesterday"), at);
    if (days < 7)
        return at_time(formats_->render(formats_->weekday, at), at);
    auto const same_year = std::chrono::year_month_day{day}.year() == std::chrono::year_month_day{formats_->local_day(now)}.year();
    return at_time(formats_->render(same_year ? formats_->day : formats_->year_day, at), at);
}

std::string TimePhrases::within(std::chrono::minutes duration) const
{
    duration = std::max<std::chrono::minutes>(duration, 1min);
    if (duration < 1h)
        return counted("within_minutes", duration.count());
    if (duration < 48h)
        return counted("within_hours", rounded_up<std::chrono::hours>(duration));
    return counted("within_days", rounded_up<std::chrono::days>(duration));
}

} // namespace deskbridge
