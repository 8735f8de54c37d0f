#include "simulation_judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace deskbridge::test::sim {

namespace {

// Source: channels/whatsapp/whatsapp.md, limits: a number begins with 20 messages a second, every clean minute adds 5, up
// to 60, and a quarter of a second's worth may go at once; to one customer 20 may go at once, then one in 6 seconds.
constexpr double first_rate = 20, step = 5, highest_rate = 60, burst_seconds = 0.25;
constexpr double pair_rate = 1.0 / 6, pair_burst = 20;
// A dead connection is replaced within the same try, seconds after it was allowed.
constexpr double number_slack = 8, pair_slack = 1;

/// In any stretch of time no more than the burst and what the rate allows in it.
class Level {
public:
    void empty() { level_ = 0; }
    /// Answers how much is in it now.
    double add(Timestamp at, double rate)
    {
        level_ = std::max(0.0, level_ - rate * seconds(at - last_)) + 1;
        last_ = at;
        return level_;
    }
    [[nodiscard]] static double seconds(milliseconds time) { return static_cast<double>(time.count()) / 1000; }

private:
    double level_{0};
    Timestamp last_{};
};

/// What the daemon remembers of its pace it forgets when it dies, and when its clock jumps ahead.
std::vector<Timestamp> fresh_starts(World const& world)
{
    auto all = world.started;
    all.insert(all.end(), world.clock_set.begin(), world.clock_set.end());
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

std::string judge_pace(World const& world)
{
    auto requests = world.provider.requests;
    std::stable_sort(requests.begin(), requests.end(), [](Asked const& a, Asked const& b) { return a.at < b.at; });
    auto const starts = fresh_starts(world);
    std::map<std::string, Level> numbers, pairs;
    auto next = starts.begin();
    Timestamp since{};
    for (auto const& asked : requests) {
        for (; next != starts.end() && *next <= asked.at; ++next) {
            since = *next;
            numbers.clear();
            pairs.clear();
        }
        auto const minutes = std::floor(Level::seconds(asked.at - since) / 60);
        auto const rate = std::min(highest_rate, first_rate + step * minutes);
        if (numbers[asked.number].add(asked.at, rate) > std::max(1.0, rate * burst_seconds) + number_slack)
            return "a number sends too fast: " + asked.number + " at " + std::to_string(to_ms(asked.at));
        if (pairs[asked.number + ">" + asked.to].add(asked.at, pair_rate) > pair_burst + pair_slack)
            return "too many messages to one customer at once: from " + asked.number + " at " + std::to_string(to_ms(asked.at));
    }
    return {};
}

std::string judge_pauses(Database const& db, World const& world)
{
    if (world.agenda.turned_back() > milliseconds{0})
        return {}; // its times say nothing about what came first
    std::map<std::string, std::vector<std::pair<long long, long long>>> pauses; // from, until
    constexpr auto never = std::numeric_limits<long long>::max();
    for (auto const& r : db.rows("SELECT account_id, type, at_ms FROM event WHERE type IN ('account.paused', 'account.resumed') ORDER BY seq")) {
        auto& all = pauses[r[0]];
        bool const paused = !all.empty() && all.back().second == never;
        if (r[1] == "account.paused" && !paused) // else somebody took over the daemon's own
            all.emplace_back(std::stoll(r[2]), never);
        else if (r[1] == "account.resumed" && paused)
            all.back().second = std::stoll(r[2]);
    }
    for (auto const& r : db.rows("SELECT token, account_id, begun_at_ms FROM attempt")) {
        auto const begun = std::stoll(r[2]);
        auto const& all = pauses[r[1]];
        auto const after = std::lower_bound(all.begin(), all.end(), std::pair{begun, 0LL});
        if (after != all.begin() && begun < std::prev(after)->second)
            return "sent while the account was paused: attempt " + r[0];
    }
    return {};
}

} // namespace deskbridge::test::sim
