#include "simulation_provider.hpp"

namespace deskbridge::test::sim {

using namespace std::chrono_literals;

namespace {

constexpr auto all_lost = "all receipts lost";
constexpr auto one_missing = "a receipt missing";
constexpr auto phone_off = "delivered hours later";
constexpr auto told_twice = "a receipt told twice";
constexpr auto of_a_stranger = "a receipt of a stranger's message";
constexpr auto failed = "failed after all";
constexpr auto silent = "no receipts for a while";

} // namespace

std::vector<std::string> Provider::receipt_faults() const
{
    std::vector<std::string> names{one_missing, phone_off, told_twice, of_a_stranger, failed, silent};
    if (weather.lost_receipts > 0) // nothing can settle such a message: for runs of their own
        names.emplace_back(all_lost);
    return names;
}

bool Provider::happens(std::uint64_t per_mille, char const* fault)
{
    bool const now = dice_.chance(per_mille);
    if (now)
        ++faults[fault];
    return now;
}

/// The provider knows at once that it sent a message; that it was delivered is told by the customer's phone, which may be off.
void Provider::plan_receipts(Sent& sent)
{
    sent.bare = weather.bare_receipts > 0 && dice_.chance(weather.bare_receipts);
    sent.lost = weather.lost_receipts > 0 && happens(weather.lost_receipts, all_lost);
    if (sent.lost)
        return;
    bool const fails = weather.each > 0 && happens(20, failed), off = happens(weather.phones_off, phone_off);
    std::vector<std::pair<char const*, int>> statuses{{"sent", 0}};
    if (fails) {
        statuses.emplace_back("failed", dice_.chance(500) ? 131047 : 131026);
    } else {
        statuses.emplace_back("delivered", 0);
        if (dice_.chance(500))
            statuses.emplace_back("read", 0);
    }
    // Of what only "sent" names in time it comes: else nothing would be told, which is `lost_receipts`.
    if (!fails && !off && happens(weather.missing_receipts, one_missing))
        statuses.erase(statuses.begin() + static_cast<std::ptrdiff_t>(dice_.below(statuses.size())));
    auto delay = dice_.within(600ms);
    for (auto const& [status, code] : statuses) {
        if (off && status != std::string_view{"sent"})
            delay += dice_.within(2h);
        plan(sent, status, code, delay);
        if (happens(weather.doubled_receipts, told_twice))
            plan(sent, status, code, delay + (dice_.chance(100) ? dice_.within(2h) : dice_.within(2s)));
        delay = std::max<milliseconds>(delay + dice_.within(4s) - 500ms, 1ms); // now and then the later one is the quicker one
    }
    if (happens(weather.strange_receipts, of_a_stranger)) {
        Sent stranger{sent.at, sent.number, sent.to, {}, "wamid.STRANGE" + std::to_string(++strangers_)};
        plan(stranger, "delivered", 0, dice_.within(2s));
    }
}

void Provider::plan(Sent const& sent, std::string const& status, int code, milliseconds delay)
{
    agenda_.after(delay, [this, sent, status, code] { come(sent, status, code); });
}

/// After a silence comes what was due meanwhile, an hour of it within a minute.
void Provider::come(Sent const& sent, std::string const& status, int code)
{
    auto const now = agenda_.true_now();
    for (auto const& silence : silences)
        if (silence.number == sent.number && silence.from <= now && now < silence.until)
            return plan(sent, status, code, silence.until - now + (weather.floods_in_order ? (now - silence.from) / 60 : dice_.within(5min)));
    tell(sent, status, code);
}

void Provider::fall_silent(std::string const& number, milliseconds duration)
{
    auto const now = agenda_.true_now();
    silences.push_back({number, now, now + duration});
    ++faults[silent];
}

} // namespace deskbridge::test::sim
