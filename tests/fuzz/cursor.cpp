#include "fuzz/target.hpp"

#include "deskbridge/core/time.hpp"
#include "desk/scene.hpp"

#include <algorithm>

namespace deskbridge::fuzz {
namespace {

/// A desk with three tickets, which only reads from here on.
test::Scene& desk()
{
    static test::Scene scene;
    static bool const filled = [] {
        for (auto const* subject : {"parcel", "invoice", "*"})
            (void)scene.open_ticket(subject);
        return true;
    }();
    must(filled, "no tickets");
    return scene;
}

template <class Answer>
void check_answer(Result<Answer> const& answer)
{
    must(answer || answer.error().fault == Fault::malformed || answer.error().fault == Fault::not_found,
         "what somebody typed is our own fault");
    must(answer || !answer.error().detail.empty(), "a refusal without a reason");
}

/// A page begins where the input says; the pages after it bring every further ticket once.
void check_tickets(std::string_view after)
{
    auto page = desk().perform(desk::ListTickets{.after = std::string{after}, .limit = 1});
    check_answer(page);
    std::vector<std::int64_t> seen;
    while (page) {
        for (auto const& card : page->tickets)
            seen.push_back(card.row.ticket.id.value);
        must(seen.size() <= 3, "a ticket stands on two pages");
        if (page->next.empty())
            break;
        page = desk().perform(desk::ListTickets{.after = page->next, .limit = 1});
        must(page.has_value(), "the end of a page is not understood");
    }
    std::sort(seen.begin(), seen.end());
    must(std::adjacent_find(seen.begin(), seen.end()) == seen.end(), "a ticket stands on two pages");
}

void check_moment(std::string_view text)
{
    auto const at = parse_rfc3339(text);
    if (at)
        must(parse_rfc3339(render_rfc3339(*at)) == at, "a moment is another when it is read again");
}

} // namespace

/// Lines: where a page of tickets and one of the shelf ended, what a ticket and an assignee are called, a moment.
void cursor(std::string_view input)
{
    Cut cut{input};
    check_tickets(cut.line());
    check_answer(desk().perform(desk::ListShelf{.after = std::string{cut.line()}}));
    check_answer(desk().perform(desk::ShowTicket{.ticket = std::string{cut.line()}}));
    check_answer(desk().perform(desk::ListTickets{.assignee = std::string{cut.line()}}));
    check_moment(cut.line());
}

} // namespace deskbridge::fuzz
