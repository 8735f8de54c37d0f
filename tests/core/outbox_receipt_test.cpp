#include "deskbridge/core/outbox.hpp"

#include "support/noon.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace deskbridge;
using deskbridge::test::noon;

namespace {

using S = IntentState;
using R = ReceiptStatus;
using Because = Refused::Because;

std::string word_of(IntentFacts const& intent)
{
    std::string out{render_intent_state(intent.state)};
    out += intent.receipt ? "/" + std::string{render_receipt_status(*intent.receipt)} : "/-";
    return intent.failed ? out + "/failed" : out;
}

/// What the store does with the decisions, in memory.
void take(IntentFacts& intent, ReceiptFacts receipt)
{
    receipt.died = receipt.died || intent.failed; // unless a test says so, all receipts are about one attempt
    auto const decision = decide_receipt(intent, receipt);
    if (decision.rises)
        intent.receipt = receipt.status;
    intent.failed = intent.failed || decision.fails;
    if (decision.change)
        intent.state = decision.change->to;
}

void take(IntentFacts& intent, Outcome const& outcome)
{
    if (auto const decision = decide_outcome(intent, outcome, {.now = noon}))
        intent.state = decision->change.to;
}

IntentFacts agent_intent(S state)
{
    IntentFacts intent;
    intent.state = state;
    return intent;
}

} // namespace

TEST_CASE("receipt: what one does")
{
    struct Case {
        std::string label;
        S state;
        std::optional<R> rank;
        ReceiptFacts receipt;
        std::string expect;
    };
    ReceiptFacts const old_failure{R::failed, Because::message, false, noon};
    ReceiptFacts const closed_though_open{R::failed, Because::window_closed, true, noon, false, noon - std::chrono::hours{1}};
    auto const c = GENERATE_COPY(values<Case>({
        {"sent", S::accepted, {}, {R::sent}, "accepted/sent"},
        {"read without delivered", S::accepted, R::sent, {R::read}, "accepted/read"},
        {"a lower rank later", S::accepted, R::read, {R::delivered}, "accepted/read"},
        {"played after read", S::accepted, R::read, {R::played}, "accepted/played"},
        {"a repetition", S::accepted, R::sent, {R::sent}, "accepted/sent"},
        {"settles an unknown one", S::unknown, {}, {R::sent}, "accepted/sent"},
        {"settles one in flight", S::claimed, {}, {R::delivered}, "accepted/delivered"},
        {"settles what a person was asked about", S::held, {}, {R::read}, "accepted/read"},
        {"stops a presumed one from going again", S::retry_wait, {}, {R::sent}, "accepted/sent"},
        {"corrects an agent's withdrawal", S::cancelled, {}, {R::sent}, "accepted/sent"},
        {"failed proves that the provider had it", S::unknown, {}, {R::failed}, "accepted/-/failed"},
        {"failed after delivered stands beside it", S::accepted, R::delivered, {R::failed}, "accepted/delivered/failed"},
        {"delivered after failed too", S::accepted, {}, {R::failed}, "accepted/-/failed"},
        {"window closed later: kept", S::accepted, R::sent, {R::failed, Because::window_closed}, "kept/sent/failed"},
        {"window closed later, though it is open here: goes again", S::accepted, R::sent, closed_though_open, "retry_wait/sent/failed"},
        {"the same when the answer was lost", S::unknown, {}, closed_though_open, "retry_wait/-/failed"},
        {"the same, but delivered: stays", S::accepted, R::delivered, closed_though_open, "accepted/delivered/failed"},
        {"window closed, but delivered: stays", S::accepted, R::delivered, {R::failed, Because::window_closed}, "accepted/delivered/failed"},
        {"an earlier attempt's failure is no news", S::claimed, {}, old_failure, "claimed/-"},
        {"nor when it was accepted since", S::accepted, R::sent, old_failure, "accepted/sent"},
        {"a failure of what waits to go again", S::queued, {}, {R::failed}, "queued/-"},
        {"sent, late, of an attempt that failed: what waits to go again goes", S::queued, {}, {R::sent, {}, true, noon, true}, "queued/-"},
        {"the same while the next attempt is in flight", S::claimed, {}, {R::sent, {}, false, noon, true}, "claimed/-"},
        {"delivered after failed: the provider changed its mind, and it is there", S::queued, {}, {R::delivered, {}, true, noon, true}, "accepted/delivered"},
    }));
    INFO(c.label);
    auto intent = agent_intent(c.state);
    intent.receipt = c.rank;
    take(intent, c.receipt);
    CHECK(word_of(intent) == c.expect);
}

TEST_CASE("receipt: what the provider gave up and then died here does not rise again")
{
    auto const died = GENERATE(S::expired, S::refused, S::cancelled);
    auto intent = agent_intent(died);
    intent.failed = true; // kept for it, and then its time was over, or it was withdrawn
    intent.settled = true;
    auto const said = GENERATE(values<ReceiptFacts>({{R::failed, Because::window_closed}, {R::failed}, {R::sent}}));
    take(intent, said);
    CHECK(intent.state == died);
    take(intent, {R::delivered});
    CHECK(intent.state == S::accepted);
}

TEST_CASE("receipt: a failure for the account's sake stops the account, unless it is old news")
{
    struct Case {
        std::string label;
        S state;
        bool failed;
        ReceiptFacts receipt;
        bool pauses;
    };
    auto const told = [](Because because, std::chrono::hours ago, bool current = true, bool resumed = false) {
        ReceiptFacts facts{R::failed, because, current, noon};
        facts.begun_at = noon - ago;
        facts.resumed_since = resumed;
        return facts;
    };
    using std::chrono::hours;
    auto const c = GENERATE_COPY(values<Case>({
        {"told late", S::accepted, false, told(Because::account, hours{1}), true},
        {"the same when the answer was lost", S::unknown, false, told(Because::account, hours{1}), true},
        {"or has not come yet", S::claimed, false, told(Because::account, hours{0}), true},
        {"after a day", S::accepted, false, told(Because::account, hours{24}), true},
        {"after more", S::accepted, false, told(Because::account, hours{25}), false},
        {"of before the account was resumed", S::accepted, false, told(Because::account, hours{1}, true, true), false},
        {"of an earlier attempt", S::accepted, false, told(Because::account, hours{1}, false), false},
        {"of what waits to go again", S::queued, false, told(Because::account, hours{1}), false},
        {"told again", S::accepted, true, told(Because::account, hours{1}), false},
        {"for the message's sake", S::accepted, false, told(Because::message, hours{1}), false},
        {"for the template's", S::accepted, false, told(Because::unusable_template, hours{1}), false},
    }));
    INFO(c.label);
    auto intent = agent_intent(c.state);
    intent.failed = c.failed;
    CHECK(decide_receipt(intent, c.receipt).pause_account == c.pauses);
}

TEST_CASE("receipt: answers, notices and templates are not kept")
{
    IntentFacts intent = agent_intent(S::accepted);
    SECTION("answer") { intent.message_class = MessageClass::answer; }
    SECTION("notice") { intent.message_class = MessageClass::notice; }
    SECTION("template") { intent.is_template = true; }
    take(intent, ReceiptFacts{R::failed, Because::window_closed, true, noon});
    CHECK(word_of(intent) == "accepted/-/failed");
}

TEST_CASE("receipts: any set of them, and the attempt's own answer, end the same in every order")
{
    auto const open_since = GENERATE(std::optional<Timestamp>{}, std::optional{noon - std::chrono::hours{1}}); // it counts as doubtful, or not
    std::vector<ReceiptFacts> const all{{R::sent},   {R::delivered}, {R::read},
                                        {R::played}, {R::failed},    {R::failed, Because::window_closed, true, noon, false, open_since}};
    bool const lost = GENERATE(false, true);
    auto const c = GENERATE(MessageClass::agent, MessageClass::answer, MessageClass::notice);
    Outcome const outcome = lost ? Outcome{Unknown{}} : Outcome{Accepted{{"m1"}, {}}};
    int explored = 0;
    for (unsigned subset = 0; subset < (1u << all.size()); ++subset) {
        std::vector<int> order{-1}; // -1: the answer itself
        for (int i = 0; i < static_cast<int>(all.size()); ++i)
            if ((subset & (1u << i)) != 0)
                order.push_back(i);
        std::string first;
        do {
            auto intent = agent_intent(S::claimed);
            intent.message_class = c;
            for (int const i : order)
                i < 0 ? take(intent, outcome) : take(intent, all[static_cast<std::size_t>(i)]);
            auto const end = word_of(intent);
            if (first.empty())
                first = end;
            INFO("lost " << lost << " subset " << subset << " first order: " << first);
            REQUIRE(end == first);
            ++explored;
        } while (std::next_permutation(order.begin(), order.end()));
    }
    CHECK(explored == 11743); // sum over k of C(6,k) * (k+1)!
}

TEST_CASE("receipts: twice is once")
{
    std::vector<ReceiptFacts> const all{{R::sent}, {R::delivered}, {R::read}, {R::failed}, {R::failed, Because::window_closed}};
    for (auto const& one : all) {
        auto once = agent_intent(S::accepted);
        take(once, one);
        auto twice = once;
        take(twice, one);
        CHECK(word_of(once) == word_of(twice));
    }
}
