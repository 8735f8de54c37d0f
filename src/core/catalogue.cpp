#include "deskbridge/core/catalogue.hpp"

#include "catalogue_speaker.hpp"
#include "deskbridge/core/text.hpp"
#include "deskbridge/core/time_zone.hpp"
#include "embedded_catalogues.hpp"

#include <algorithm>
#include <stdexcept>

namespace deskbridge {
namespace {

constexpr std::size_t longest_prefix = 8;

void demand_required(TextSpec const& spec, TextValues const& values)
{
    for (auto rest = spec.required; !rest.empty();) {
        auto const name = rest.substr(0, rest.find(' '));
        auto const found = values.find(name);
        if (found == values.end() || found->second.empty())
            throw std::invalid_argument{std::string{spec.name} + " needs " + std::string{name}};
        rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    }
}

TextKey state_key(TicketStatus status) noexcept
{
    switch (status) {
    case TicketStatus::new_:    return TextKey::state_new;
    case TicketStatus::open:    return TextKey::state_open;
    case TicketStatus::pending: return TextKey::state_pending;
    case TicketStatus::on_hold: return TextKey::state_on_hold;
    case TicketStatus::solved:  return TextKey::state_solved;
    case TicketStatus::closed:  return TextKey::state_closed;
    }
    return TextKey::state_open;
}

/// Of a live ticket.
TextKey next_key(TicketStatus status) noexcept
{
    switch (status) {
    case TicketStatus::new_:    return TextKey::next_new;
    case TicketStatus::pending: return TextKey::next_pending;
    case TicketStatus::on_hold: return TextKey::next_on_hold;
    case TicketStatus::open:
    case TicketStatus::solved:
    case TicketStatus::closed:  break;
    }
    return TextKey::next_open;
}

TextKey step_key(LastStep step) noexcept
{
    switch (step) {
    case LastStep::received:           return TextKey::step_received;
    case LastStep::taken_over:         return TextKey::step_taken_over;
    case LastStep::answered:           return TextKey::step_answered;
    case LastStep::waiting_for_you:    return TextKey::step_waiting_for_you;
    case LastStep::waiting_for_others: return TextKey::step_waiting_for_others;
    case LastStep::solved:             return TextKey::step_solved;
    case LastStep::reopened:           return TextKey::step_reopened;
    case LastStep::customer_wrote:     return TextKey::step_customer_wrote;
    }
    return TextKey::step_received;
}

void check_settings(CatalogueSettings const& settings, std::vector<std::string> const& languages, Problems& problems)
{
    auto const known = built_in_languages();
    for (auto const& language : languages)
        if (std::find(known.begin(), known.end(), language) == known.end())
            problems.push_back(language + ": there is no catalogue for this language");
        else if (std::count(languages.begin(), languages.end(), language) > 1)
            problems.push_back(language + ": enabled twice");
    if (std::find(languages.begin(), languages.end(), settings.default_language) == languages.end())
        problems.push_back(settings.default_language + ": the default language is not enabled");
    if (!is_time_zone(settings.time_zone))
        problems.push_back("time zone: \"" + settings.time_zone + "\" is not known");
    if (!is_reference_prefix(settings.reference_prefix))
        problems.emplace_back("reference prefix: at most 8 characters, without digits, spaces and formatting marks");
}

std::string_view built_in(std::string const& file)
{
    return embedded::find_catalogues(file).value_or(std::string_view{});
}

std::vector<LanguageTexts> read_languages(std::vector<std::string> const& languages, Problems& problems)
{
    std::vector<LanguageTexts> read;
    for (auto const& language : languages) {
        read.emplace_back().language = language;
        apply_catalogue(built_in(language + ".json"), read.back(), problems);
    }
    return read;
}

Error all_of(Problems const& problems)
{
    std::string lines;
    for (auto const& problem : problems)
        lines += (lines.empty() ? "" : "\n") + problem;
    return {Fault::malformed, lines};
}

} // namespace

struct Catalogue::Parts {
    std::vector<std::string> languages;
    std::string default_language;
    std::string prefix;
    std::vector<Speaker> speakers; // in the order of `languages`
    CommandWords words;

    [[nodiscard]] Speaker const& speaker(std::string_view language) const
    {
        Speaker const* fallback = &speakers.front();
        for (auto const& one : speakers) {
            if (one.language() == language)
                return one;
            if (one.language() == default_language)
                fallback = &one;
        }
        return *fallback;
    }
};

bool is_reference_prefix(std::string const& text)
{
    return utf16_units(text) <= longest_prefix && neutral_line(text) == text
           && ascii_digits(text).find_first_of("0123456789 ") == std::string::npos;
}

Catalogue::Catalogue(std::unique_ptr<Parts const> parts) : parts_{std::move(parts)} {}
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;
Catalogue::~Catalogue() = default;

std::span<std::string const> built_in_languages()
{
    static std::vector<std::string> const languages{"en", "es", "pt-BR", "de", "fr", "hi", "id", "ar"};
    return languages;
}

Result<Catalogue> Catalogue::load(CatalogueSettings const& settings)
{
    auto parts = std::make_unique<Parts>();
    parts->languages = settings.languages;
    if (parts->languages.empty())
        parts->languages.assign(built_in_languages().begin(), built_in_languages().end());
    parts->default_language = settings.default_language;
    parts->prefix = settings.reference_prefix;

    Problems problems;
    check_settings(settings, parts->languages, problems);
    if (!problems.empty())
        return all_of(problems);
    auto read = read_languages(parts->languages, problems);
    if (!settings.overrides.empty())
        apply_overrides(settings.overrides, read, problems);
    for (auto const& texts : read)
        check_texts(texts, problems);
    parts->words = collect_words(read, parse_common_closers(built_in("common.json")), problems);
    if (!problems.empty())
        return all_of(problems);
    for (auto const& texts : read)
        parts->speakers.emplace_back(texts, read, settings);
    return Catalogue{std::move(parts)};
}

std::string Catalogue::render(TextKey key, std::string_view language, TextValues const& values) const
{
    auto const& spec = spec_of(key);
    demand_required(spec, values);
    auto const& speaker = parts_->speaker(language);
    if (key == TextKey::help_no_ticket)
        return shorten(speaker.say(key, {{"help", render(TextKey::help, language)}}), limit_of(spec.place));
    return shorten(speaker.say(key, values), limit_of(spec.place));
}

std::string Catalogue::render_state(TicketStatus status, std::string_view language) const
{
    return render(state_key(status), language);
}

std::string Catalogue::render_when(Timestamp at, Timestamp now, std::string_view language) const
{
    return parts_->speaker(language).time().when(at, now);
}

std::string Catalogue::render_within(std::chrono::minutes duration, std::string_view language) const
{
    return parts_->speaker(language).time().within(duration);
}

std::string Catalogue::status_answer(ToldTicket const& told, Timestamp now, std::string_view language) const
{
    TextValues values{{"reference", told.reference}, {"subject", told.subject}, {"when", render_when(told.last_step_at, now, language)}};
    if (!is_live(told.status)) {
        values["summary"] = told.summary;
        return render(TextKey::status_solved, language, values);
    }
    values["status"] = render_state(told.status, language);
    values["step"] = render(step_key(told.last_step), language, {{"when", values["when"]}});
    values["next"] = render(next_key(told.status), language,
                            {{"within", told.within ? render_within(*told.within, language) : std::string{}}});
    return render(TextKey::status_one, language, values);
}

Catalogue::Row Catalogue::status_row(ToldTicket const& told, Timestamp now, std::string_view language) const
{
    TextValues const values{{"reference", told.reference},
                            {"subject", told.subject},
                            {"status", render_state(told.status, language)},
                            {"when", render_when(told.last_step_at, now, language)}};
    return {render(TextKey::status_row_title, language, values), render(TextKey::status_row_description, language, values)};
}

CommandWords const& Catalogue::commands() const noexcept
{
    return parts_->words;
}

std::span<std::string const> Catalogue::languages() const noexcept
{
    return parts_->languages;
}

std::string const& Catalogue::default_language() const noexcept
{
    return parts_->default_language;
}

std::string const& Catalogue::reference_prefix() const noexcept
{
    return parts_->prefix;
}

} // namespace deskbridge
