#include "deskbridge/core/message_template.hpp"

#include "deskbridge/core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace deskbridge {
namespace {

using nlohmann::json;

constexpr std::string_view approved = "approved";

struct Explanation {
    std::string_view status;
    std::string_view why;
    std::string_view next;
};

constexpr std::array<Explanation, 10> explanations{{
    {"paused", "is paused by the provider because of its quality",
     "Use another template; the provider lifts the pause by itself, after 3 hours the first time, after 6 hours the second."},
    {"disabled", "was disabled by the provider because of its quality",
     "Use another template; this one does not come back unless an appeal succeeds."},
    {"rejected", "was rejected by the provider", "Use another template, or have this one corrected and submitted again."},
    {"pending", "is still waiting for the provider's approval", "Use another template, or wait: most are decided within a day."},
    {"in_appeal", "was rejected, and an appeal is under way", "Use another template until it is decided."},
    {"deleted", "was deleted at the provider", "Use another template."},
    {"pending_deletion", "is being deleted at the provider", "Use another template."},
    {"archived", "was archived at the provider", "Use another template, or have it restored there."},
    {"unavailable", "was refused by the provider when it was sent", "Use another template until the provider's list has it as approved again."},
    {"limit_exceeded", "is over the provider's limit of templates", "Use another template, or have some deleted there."},
}};

json array_of(std::string const& text)
{
    auto parsed = json::parse(text, nullptr, false);
    return parsed.is_array() ? std::move(parsed) : json(json::value_t::discarded);
}

std::string type_of(json const& component)
{
    auto const type = component.is_object() ? component.find("type") : component.end();
    return component.is_object() && type != component.end() && type->is_string() ? type->get<std::string>() : std::string{};
}

std::string listed(std::vector<std::string> const& words)
{
    std::string out;
    for (auto const& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

} // namespace

bool usable(MessageTemplate const& one) noexcept
{
    return one.status == approved;
}

bool is_marketing(MessageTemplate const& one) noexcept
{
    return one.category == "marketing";
}

std::string explain_unusable(MessageTemplate const& one)
{
    if (usable(one))
        return {};
    auto const found = std::find_if(explanations.begin(), explanations.end(), [&](auto const& row) { return row.status == one.status; });
    bool const known = found != explanations.end();
    auto sentence = "The template " + one.name + " (" + one.language + ") " +
                    (known ? std::string{found->why} : "has the status " + one.status + " at the provider");
    if (!one.reason.empty())
        sentence += ": " + one.reason;
    sentence += sentence.back() == '.' ? " " : ". ";
    return sentence + std::string{known ? found->next : "Use another template."};
}

std::string merge_components(std::string const& components, std::string const& changed)
{
    auto all = array_of(components);
    auto const fresh = array_of(changed);
    if (all.is_discarded() || fresh.is_discarded())
        return components;
    for (auto const& part : fresh) {
        auto const same = std::find_if(all.begin(), all.end(), [&](json const& had) { return type_of(had) == type_of(part); });
        if (same != all.end())
            *same = part;
        else
            all.push_back(part);
    }
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

TemplateChoice choose_template(std::vector<MessageTemplate> const& all, std::string_view name, std::string_view language)
{
    auto const shown = shorten(clean_text(name), 60);
    std::vector<std::string> languages;
    MessageTemplate const* only = nullptr;
    for (auto const& one : all) {
        if (one.name != name || one.status == "deleted")
            continue;
        if (one.language == language)
            return {&one, {}};
        languages.push_back(one.language);
        only = &one;
    }
    if (languages.empty())
        return {nullptr, "There is no template \"" + shown + "\" at the provider."};
    if (!language.empty())
        return {nullptr, "The template " + shown + " does not exist in \"" + shorten(clean_text(language), 60) + "\", only in " +
                             listed(languages) + "."};
    if (languages.size() > 1)
        return {nullptr, "The template " + shown + " exists in several languages; say which: " + listed(languages) + "."};
    return {only, {}};
}

} // namespace deskbridge
