#include "simulation_provider.hpp"

#include <cstdio>

namespace deskbridge::test::sim {

using namespace std::chrono_literals;

std::uint64_t Dice::roll()
{
    auto z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

void Agenda::after(milliseconds delay, std::function<void()> what)
{
    entries_.push({true_now_ + delay, placed_++, std::move(what)});
}

void Agenda::when(Timestamp daemons, std::function<void()> what)
{
    after(std::max<milliseconds>(daemons - now(), 1ms), std::move(what));
}

bool Agenda::step(Timestamp until)
{
    if (entries_.empty() || entries_.top().at > until)
        return false;
    auto const entry = entries_.top();
    entries_.pop();
    true_now_ = std::max(true_now_, entry.at);
    entry.what();
    return true;
}

void Fate::die()
{
    dead_ = true;
    ++deaths["between steps"];
}

void Fate::revive()
{
    dead_ = false;
    left_ = -1;
    named_.clear();
}

void Fate::step(char const* where)
{
    if (std::this_thread::get_id() != reactor_)
        return;
    if (dead_)
        throw SimulatedCrash{};
    bool const now = (named_ == where && passes_-- == 0) || left_ == 0;
    if (left_ > 0)
        --left_;
    if (!now)
        return;
    dead_ = true;
    ++deaths[where];
    throw SimulatedCrash{};
}

void FatefulLog::write(LogLevel, std::string_view event, std::initializer_list<LogField> fields)
{
    if (aloud) {
        std::string line{event};
        for (auto const& field : fields)
            line.append(" ").append(field.key).append("=").append(field.value);
        std::fprintf(stderr, "  %s\n", line.c_str());
    }
    if (event == "send_begun" || event == "send_accepted" || event == "send_settled" || event == "send_unknown" || event == "webhook_taken")
        fate_.step(std::string{event}.c_str());
}

} // namespace deskbridge::test::sim
