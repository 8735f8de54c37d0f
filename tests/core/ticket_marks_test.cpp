#include "deskbridge/core/ticket_marks.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon{std::chrono::milliseconds{1'795'262'400'000}};
constexpr auto echoed = noon + 1h;
constexpr auto later = noon + 2h;
using Status = TicketStatus;

} // namespace

TEST_CASE("marks of an echo that was ours are taken back, and what anybody did since stays")
{
    struct Case {
        std::string label;
        TicketMarks before;
        TicketMarks now;
        TicketMarks left;
    };
    TicketMarks const fresh{Status::new_, true, "received", noon, {}, noon};
    TicketMarks const open{Status::open, false, "customer_wrote", noon, {}, noon};
    TicketMarks const asked{Status::open, false, "answered", noon, noon, noon};
    TicketMarks const solved{Status::solved, true, "solved", noon, {}, noon};
    TicketMarks const by_echo{Status::open, false, "answered", echoed, echoed, echoed};
    auto const c = GENERATE_COPY(values<Case>({
        {"a new ticket is new and unseen again", fresh, by_echo, fresh},
        {"one that an agent had seen", open, by_echo, open},
        {"an agent's question of before is open as before", asked, by_echo, asked},
        {"a solved one", solved, {Status::solved, false, "solved", noon, echoed, echoed}, solved},
        {"the customer wrote since", fresh, {Status::open, true, "customer_wrote", later, {}, later}, {Status::open, true, "customer_wrote", later, {}, later}},
        {"an agent took it since", fresh, {Status::open, false, "taken_over", later, echoed, later}, {Status::open, false, "taken_over", later, {}, later}},
        {"an agent wrote since", fresh, {Status::open, false, "answered", later, later, later}, {Status::open, false, "answered", later, later, later}},
        {"an agent solved it since", fresh, {Status::solved, false, "solved", later, echoed, echoed}, {Status::solved, false, "solved", later, {}, noon}},
        {"an agent asked the customer since", fresh, {Status::pending, false, "waiting_for_you", later, echoed, echoed},
         {Status::pending, false, "waiting_for_you", later, {}, noon}},
    }));
    INFO(c.label);
    CHECK(without_marks(c.now, c.before, echoed) == c.left);
}
