#include "deskbridge/core/catalogue.hpp"

#include <array>

namespace deskbridge {
namespace {

using enum TextKey;
using enum TextPlace;

/// In the order of TextKey: `spec_of` relies on it.
constexpr std::array specs{
    TextSpec{ack_opened, "ack_opened", body, "reference", "within"},
    TextSpec{ack_reopened, "ack_reopened", choice_body, "reference", "within"},
    TextSpec{ack_follow_up, "ack_follow_up", body, "reference earlier", "within"},
    TextSpec{button_something_new, "button_something_new", button, "", ""},

    TextSpec{status_one, "status_one", body, "reference status step next", "subject"},
    TextSpec{status_solved, "status_solved", body, "reference when", "subject summary"},
    TextSpec{status_none, "status_none", body, "", ""},
    TextSpec{status_several, "status_several", choice_body, "", "count"},
    TextSpec{status_list_button, "status_list_button", list_button, "", ""},
    TextSpec{status_row_title, "status_row_title", row_title, "reference", ""},
    TextSpec{status_row_description, "status_row_description", row_description, "status when", "subject"},
    TextSpec{state_new, "state_new", word, "", ""},
    TextSpec{state_open, "state_open", word, "", ""},
    TextSpec{state_pending, "state_pending", word, "", ""},
    TextSpec{state_on_hold, "state_on_hold", word, "", ""},
    TextSpec{state_solved, "state_solved", word, "", ""},
    TextSpec{state_closed, "state_closed", word, "", ""},
    TextSpec{step_received, "step_received", word, "when", ""},
    TextSpec{step_taken_over, "step_taken_over", word, "when", ""},
    TextSpec{step_answered, "step_answered", word, "when", ""},
    TextSpec{step_waiting_for_you, "step_waiting_for_you", word, "when", ""},
    TextSpec{step_waiting_for_others, "step_waiting_for_others", word, "when", ""},
    TextSpec{step_solved, "step_solved", word, "when", ""},
    TextSpec{step_reopened, "step_reopened", word, "when", ""},
    TextSpec{step_customer_wrote, "step_customer_wrote", word, "when", ""},
    TextSpec{next_new, "next_new", word, "", "within"},
    TextSpec{next_open, "next_open", word, "", "within"},
    TextSpec{next_pending, "next_pending", word, "", "within"},
    TextSpec{next_on_hold, "next_on_hold", word, "", "within"},
    TextSpec{not_found, "not_found", body, "", ""},

    TextSpec{choice_intro, "choice_intro", choice_body, "reference", ""},
    TextSpec{choice_list_button, "choice_list_button", list_button, "", ""},
    TextSpec{choice_row_title, "choice_row_title", row_title, "reference", ""},
    TextSpec{choice_row_description, "choice_row_description", row_description, "status when", "subject"},
    TextSpec{choice_row_new, "choice_row_new", row_title, "", ""},
    TextSpec{choice_row_new_description, "choice_row_new_description", row_description, "", ""},
    TextSpec{pick_moved, "pick_moved", body, "reference", ""},
    TextSpec{pick_new, "pick_new", body, "reference", ""},
    TextSpec{pick_late, "pick_late", body, "", "reference"},

    TextSpec{new_asked, "new_asked", body, "", ""},
    TextSpec{agent_requested, "agent_requested", body, "reference", "within"},
    TextSpec{close_confirmed, "close_confirmed", body, "reference", ""},
    TextSpec{close_several, "close_several", body, "references", ""},
    TextSpec{close_none, "close_none", body, "", ""},
    TextSpec{help, "help", body, "", ""},
    TextSpec{help_no_ticket, "help_no_ticket", body, "", "help"},
    TextSpec{stop_confirmed, "stop_confirmed", body, "", ""},
    TextSpec{start_confirmed, "start_confirmed", body, "", ""},
    TextSpec{language_changed, "language_changed", body, "", ""},

    TextSpec{notice_taken_over, "notice_taken_over", body, "reference", "agent"},
    TextSpec{notice_waiting_for_you, "notice_waiting_for_you", body, "reference", ""},
    TextSpec{notice_solved, "notice_solved", body, "reference", "summary"},
    TextSpec{notice_reopened, "notice_reopened", body, "reference", ""},
    TextSpec{notice_merged, "notice_merged", body, "reference into", ""},
    TextSpec{notice_closing_soon, "notice_closing_soon", body, "reference within", ""},
};

constexpr bool in_order()
{
    for (std::size_t at = 0; at < specs.size(); ++at)
        if (static_cast<std::size_t>(specs[at].key) != at)
            return false;
    return static_cast<std::size_t>(notice_closing_soon) + 1 == specs.size();
}
static_assert(in_order(), "one row per TextKey, in its order");

} // namespace

std::size_t limit_of(TextPlace place) noexcept
{
    switch (place) {
    case body:            return 4096;
    case choice_body:     return 1024;
    case word:            return 160;
    case button:          return 20;
    case list_button:     return 20;
    case row_title:       return 24;
    case row_description: return 72;
    }
    return 0;
}

std::span<TextSpec const> text_specs() noexcept
{
    return specs;
}

TextSpec const& spec_of(TextKey key) noexcept
{
    return specs[static_cast<std::size_t>(key)];
}

std::optional<TextKey> parse_text_key(std::string_view name) noexcept
{
    for (auto const& spec : specs)
        if (spec.name == name)
            return spec.key;
    return std::nullopt;
}

} // namespace deskbridge
