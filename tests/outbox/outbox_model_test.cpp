#include "outbox_model.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <unordered_map>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

constexpr std::size_t most_states = 300'000;

/// Every world that can come about, found breadth-first, and how.
class Exploration {
public:
    explicit Exploration(model::Config const& config) : config_{config} { add(model::first(config), 0, "start"); }

    /// Answers the first broken promise, with the way there; "" if none.
    std::string run()
    {
        for (std::size_t i = 0; i < found_.size(); ++i) {
            if (found_.size() > most_states)
                return "more worlds than the model is meant to have";
            auto const here = found_[i].world; // the vector grows
            for (auto& next : model::everything_next(here, config_)) {
                ++steps;
                if (auto why = model::broken_by(here, next, config_); !why.empty())
                    return why + ": " + way_to(i) + " -> " + next.what + ": " + model::render(next.world);
                auto const by_itself = next.by_itself;
                auto const to = add(std::move(next.world), i, next.what);
                if (by_itself)
                    found_[to].from_by_itself.push_back(static_cast<std::uint32_t>(i));
            }
        }
        return {};
    }

    /// A world in which something is open, and time and a provider that works lead nowhere; "" if there is none.
    std::string dead_end()
    {
        std::vector<bool> ends(found_.size());
        std::vector<std::size_t> look;
        for (std::size_t i = 0; i < found_.size(); ++i)
            if (is_end(found_[i].world)) {
                ends[i] = true;
                look.push_back(i);
            }
        while (!look.empty()) {
            auto const here = look.back();
            look.pop_back();
            for (auto const from : found_[here].from_by_itself)
                if (!ends[from]) {
                    ends[from] = true;
                    look.push_back(from);
                }
        }
        auto const stuck = std::find(ends.begin(), ends.end(), false);
        return stuck == ends.end() ? std::string{} : way_to(static_cast<std::size_t>(stuck - ends.begin()));
    }

    [[nodiscard]] std::size_t states() const { return found_.size(); }
    std::size_t steps{0};

private:
    struct Found {
        model::World world;
        std::size_t from;
        std::string how;
        std::vector<std::uint32_t> from_by_itself;
    };

    std::size_t add(model::World world, std::size_t from, std::string how)
    {
        auto const [place, is_new] = places_.try_emplace(model::key_of(world), found_.size());
        if (is_new)
            found_.push_back({std::move(world), from, std::move(how), {}});
        return place->second;
    }

    /// Over, or before a person's eyes; or the model begins no more attempts.
    bool is_end(model::World const& world) const
    {
        return std::all_of(world.lane.begin(), world.lane.end(), [this](model::Intent const& intent) {
            return model::is_over(intent) || intent.state == IntentState::held || intent.tries.size() == config_.tries;
        });
    }

    std::string way_to(std::size_t i) const
    {
        std::string way = found_[i].how + ": " + model::render(found_[i].world);
        return i == 0 ? way : way_to(found_[i].from) + " -> " + way;
    }

    model::Config const& config_;
    std::vector<Found> found_;
    std::unordered_map<std::string, std::size_t> places_;
};

constexpr auto agent = MessageClass::agent;
constexpr auto answer = MessageClass::answer;
constexpr auto notice = MessageClass::notice;

std::vector<model::Config> configs()
{
    using model::Config;
    auto const hold = UnknownPolicy::hold;
    auto const evidence = UnknownPolicy::evidence;
    std::vector<std::size_t> const few{1, 3};
    std::vector<Config> all{
        {.name = "an agent's message, evidence", .classes = {agent}, .policy = evidence},
        {.name = "an agent's message, three attempts", .classes = {agent}, .policy = evidence, .tries = 3, .window = false, .pauses = false, .said = few},
        {.name = "an agent's message, hold", .classes = {agent}, .policy = hold},
        {.name = "an agent's message, no template", .classes = {agent}, .policy = evidence, .keeps = false},
        {.name = "an agent's message, receipts without token", .classes = {agent}, .policy = evidence, .without_token = true, .pauses = false, .said = few},
        {.name = "an answer", .classes = {answer}, .policy = evidence, .without_token = true, .said = few},
        {.name = "a notice", .classes = {notice}, .policy = evidence, .without_token = true, .said = few},
    };
    for (auto const& two : {std::vector{agent, agent}, std::vector{agent, answer}, std::vector{answer, agent},
                            std::vector{notice, agent}, std::vector{agent, notice}, std::vector{notice, answer}})
        all.push_back({.name = "two in one lane", .classes = two, .policy = evidence, .people = false, .window = false, .pauses = false, .said = {1}});
    all.push_back({.name = "two of agents, with people", .classes = {agent, agent}, .policy = hold, .tries = 1, .window = false, .pauses = false, .said = {1}});
    return all;
}

} // namespace

TEST_CASE("outbox model: in every world that can come about the promises hold and there is a way out")
{
    std::size_t states = 0, steps = 0, failed = 0;
    auto const all = configs();
    for (auto const& config : all) {
        Exploration exploration{config};
        auto const broken = exploration.run();
        auto const stuck = broken.empty() ? exploration.dead_end() : std::string{};
        states += exploration.states();
        steps += exploration.steps;
        INFO(config.name << ", " << exploration.states() << " states");
        CHECK(broken == "");
        CHECK(stuck == "");
        failed += broken.empty() && stuck.empty() ? 0u : 1u;
    }
    std::cout << "outbox model: " << states << " states, " << steps << " steps, " << all.size() - failed << " passed, " << failed
              << " failed\n";
}
