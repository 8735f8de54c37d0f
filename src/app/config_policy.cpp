#include "config_policy.hpp"

#include "deskbridge/core/catalogue.hpp"
#include "deskbridge/core/language.hpp"
#include "deskbridge/core/time_zone.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace deskbridge::app {
namespace {

void read_languages(TomlReader& reader, AccountPolicy& policy)
{
    auto const built_in = built_in_languages();
    std::vector<std::string> const known{built_in.begin(), built_in.end()};
    policy.languages.clear();
    auto const given = reader.texts("languages");
    for (auto const& language : given.value_or(known)) {
        if (std::find(known.begin(), known.end(), language) == known.end())
            reader.report("languages", fmt::format("\"{}\"", language), fmt::format("some of {}", fmt::join(known, ", ")));
        else if (std::find(policy.languages.begin(), policy.languages.end(), language) != policy.languages.end())
            reader.report("languages", fmt::format("\"{}\" twice", language), "each language once");
        else
            policy.languages.push_back(language);
    }
    if (given && given->empty())
        reader.report("languages", "an empty array", fmt::format("some of {}", fmt::join(known, ", ")));
    if (policy.languages.empty()) // nothing usable is left: whatever else is wrong is judged by the defaults
        policy.languages = known;
    policy.default_language = reader.text("language").value_or("en");
    if (std::find(policy.languages.begin(), policy.languages.end(), policy.default_language) != policy.languages.end())
        return;
    auto const found = reader.has("language") ? fmt::format("\"{}\"", policy.default_language) : "nothing, which means \"en\"";
    reader.report("language", found, fmt::format("one of languages: {}", fmt::join(policy.languages, ", ")));
    policy.default_language = policy.languages.front();
}

/// What stands in customers' texts. A wrong value is reported on its own line, and the usual one goes on.
void read_shown(TomlReader& reader, AccountPolicy& policy)
{
    AccountPolicy const usual;
    policy.time_zone = reader.text("time_zone").value_or(usual.time_zone);
    if (!is_time_zone(policy.time_zone)) {
        reader.report("time_zone", fmt::format("\"{}\"", policy.time_zone), "an IANA time zone, such as \"Europe/Berlin\" or \"UTC\"");
        policy.time_zone = usual.time_zone;
    }
    policy.reference_prefix = reader.text("reference_prefix").value_or(usual.reference_prefix);
    if (!is_reference_prefix(policy.reference_prefix)) {
        reader.report("reference_prefix", fmt::format("\"{}\"", policy.reference_prefix),
                      "at most 8 characters without digits, blanks and formatting marks, such as \"#\" or \"PS-\"");
        policy.reference_prefix = usual.reference_prefix;
    }
}

/// How long an acknowledgement waits for the rest of what the customer has to say; never beyond its deadline.
void read_acknowledgement(TomlReader& reader, AccountPolicy& policy)
{
    policy.acknowledge = reader.boolean("acknowledge").value_or(policy.acknowledge);
    auto const delay = reader.duration("acknowledgement_delay").value_or(policy.ack_quiet);
    if (delay <= policy.ack_at_most)
        policy.ack_quiet = delay;
    else
        reader.report("acknowledgement_delay", fmt::format("{} ms", delay.count()), "at most \"25 s\": the customer waits for a word");
}

void read_threading(TomlReader& reader, AccountPolicy& policy)
{
    if (auto const window = reader.duration("reopen_window", true))
        policy.reopen_window = *window == std::chrono::milliseconds::max() ? std::nullopt : std::optional{*window};
    policy.follow_up_recency = reader.duration("follow_up_recency").value_or(policy.follow_up_recency);
    policy.automatic_per_hour = static_cast<int>(reader.integer("automatic_per_hour", 0, 1000).value_or(policy.automatic_per_hour));
    policy.answers_per_hour = static_cast<int>(reader.integer("answers_per_hour", 1, 200).value_or(policy.answers_per_hour));
    if (auto const groups = reader.word("groups", {"stored", "tickets"}))
        policy.groups = *groups == "tickets" ? Groups::tickets : Groups::stored;
    if (auto const within = reader.duration("expect_answer_within"))
        policy.expect_answer_within = std::chrono::ceil<std::chrono::minutes>(*within);
}

void read_notices(TomlReader& reader, AccountPolicy& policy)
{
    auto const* table = reader.table("notices");
    if (!table)
        return;
    TomlReader notices{*table, reader.path_of("notices"), reader.file(), reader.problems()};
    auto& switches = policy.notices;
    switches.taken_over = notices.boolean("taken_over").value_or(switches.taken_over);
    switches.waiting_for_you = notices.boolean("waiting_for_you").value_or(switches.waiting_for_you);
    switches.solved = notices.boolean("solved").value_or(switches.solved);
    switches.reopened = notices.boolean("reopened").value_or(switches.reopened);
    notices.finish();
}

/// A template is known by its name and its language.
void check_template(TomlReader& reader, std::string const& key, std::string const& name, std::string const& language)
{
    if (name.empty() != language.empty())
        reader.report(name.empty() ? key + "_language" : key, fmt::format("one of {0} and {0}_language", key), "both, or none");
}

void read_window(TomlReader& reader, AccountPolicy& policy)
{
    policy.window_template = reader.text("window_template").value_or("");
    policy.window_template_language = reader.text("window_template_language").value_or("");
    check_template(reader, "window_template", policy.window_template, policy.window_template_language);
    policy.acknowledgement_template = reader.text("acknowledgement_template").value_or("");
    policy.acknowledgement_template_language = reader.text("acknowledgement_template_language").value_or("");
    check_template(reader, "acknowledgement_template", policy.acknowledgement_template, policy.acknowledgement_template_language);
    if (auto const kept = reader.word("kept_texts", {"deliver", "ask"}))
        policy.kept_texts = *kept == "ask" ? KeptTexts::ask : KeptTexts::deliver;
    if (auto const mark = reader.word("closing_soon", {"off", "4 h", "30 min"}); mark && *mark != "off")
        policy.closing_soon = *mark == "4 h" ? std::chrono::minutes{240} : std::chrono::minutes{30};
    policy.silence_alarm = reader.boolean("silence_alarm").value_or(policy.silence_alarm);
    policy.mark_read = reader.boolean("mark_read").value_or(policy.mark_read);
}

} // namespace

void read_policy(TomlReader& reader, AccountPolicy& policy)
{
    policy.brand = reader.text("brand").value_or("");
    read_shown(reader, policy);
    read_languages(reader, policy);
    read_threading(reader, policy);
    read_acknowledgement(reader, policy);
    read_notices(reader, policy);
    read_window(reader, policy);
}

} // namespace deskbridge::app
