#include "deskbridge/core/threading.hpp"

#include "deskbridge/core/object_text.hpp"

namespace deskbridge {

std::string_view render_rule(Rule rule) noexcept
{
    switch (rule) {
    case Rule::r0: return "R0";
    case Rule::r1: return "R1";
    case Rule::r2: return "R2";
    case Rule::r3: return "R3";
    case Rule::r4: return "R4";
    case Rule::r5: return "R5";
    case Rule::r6: return "R6";
    case Rule::r7: return "R7";
    case Rule::r8: return "R8";
    case Rule::r9: return "R9";
    case Rule::e: return "E";
    }
    return {};
}

std::optional<Rule> parse_rule(std::string_view word) noexcept
{
    for (auto const rule : {Rule::r0, Rule::r1, Rule::r2, Rule::r3, Rule::r4, Rule::r5, Rule::r6, Rule::r7, Rule::r8,
                            Rule::r9, Rule::e})
        if (render_rule(rule) == word)
            return rule;
    return std::nullopt;
}

std::string_view render_action(PlacementAction action) noexcept
{
    switch (action) {
    case PlacementAction::append: return "append";
    case PlacementAction::reopen: return "reopen";
    case PlacementAction::open: return "open";
    case PlacementAction::follow_up: return "follow_up";
    case PlacementAction::conversation_only: return "conversation_only";
    }
    return {};
}

std::optional<PlacementAction> parse_action(std::string_view word) noexcept
{
    for (auto const action : {PlacementAction::append, PlacementAction::reopen, PlacementAction::open,
                              PlacementAction::follow_up, PlacementAction::conversation_only})
        if (render_action(action) == word)
            return action;
    return std::nullopt;
}

std::string_view render_acknowledgement(AcknowledgementEffect effect) noexcept
{
    switch (effect) {
    case AcknowledgementEffect::none: return "none";
    case AcknowledgementEffect::arm_opened: return "opened";
    case AcknowledgementEffect::arm_reopened: return "reopened";
    case AcknowledgementEffect::arm_follow_up: return "follow_up";
    case AcknowledgementEffect::extend: return "extend";
    }
    return {};
}

std::optional<AcknowledgementEffect> parse_acknowledgement(std::string_view word) noexcept
{
    for (auto const effect : {AcknowledgementEffect::arm_opened, AcknowledgementEffect::arm_reopened,
                              AcknowledgementEffect::arm_follow_up})
        if (render_acknowledgement(effect) == word)
            return effect;
    return std::nullopt;
}

std::string render_candidates(std::vector<Candidate> const& candidates)
{
    std::string list;
    for (auto const& [ticket, because] : candidates)
        list += (list.empty() ? "[" : ",") + ObjectText{{"because", because}, {"ticket", ticket.value}}.text();
    return list.empty() ? "[]" : list + ']';
}

} // namespace deskbridge
