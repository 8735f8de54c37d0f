#include "ledger_provider.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <thread>

namespace fault {
namespace {

enum class Mood { takes, takes_slowly, asks_again, loses_answer, loses_message };

Mood choose_mood(std::uint64_t dice)
{
    auto const percent = dice % 100;
    if (percent < 8)
        return Mood::asks_again;
    if (percent < 10)
        return Mood::loses_answer;
    if (percent < 12)
        return Mood::loses_message;
    return percent < 50 ? Mood::takes_slowly : Mood::takes;
}

std::string answer_of(std::string_view status, std::string const& body)
{
    return fmt::format("HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

std::string text_of(nlohmann::json const& message, char const* name)
{
    auto const found = message.find(name);
    return found != message.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Arrival read_message(nlohmann::json const& message)
{
    auto recipient = text_of(message, "to");
    if (recipient.starts_with('+'))
        recipient.erase(0, 1);
    return {text_of(message, "biz_opaque_callback_data"), recipient, 0};
}

} // namespace

LedgerProvider::LedgerProvider(std::uint64_t seed) : dice_{seed}, sink_{[this](std::string_view request) { return answer(request); }} {}

std::vector<Arrival> LedgerProvider::arrivals() const
{
    std::lock_guard const lock{mutex_};
    return arrivals_;
}

int LedgerProvider::taken() const
{
    std::lock_guard const lock{mutex_};
    return taken_;
}

std::string LedgerProvider::answer(std::string_view request)
{
    auto const head_end = request.find("\r\n\r\n");
    auto const message = nlohmann::json::parse(request.substr(head_end + 4), nullptr, false);
    if (!request.starts_with("POST ") || !message.is_object() || message.contains("status"))
        return {}; // a question, or a read mark: what the sink says
    auto mood = Mood::takes;
    std::chrono::milliseconds pause{0};
    int id = 0;
    {
        std::lock_guard const lock{mutex_};
        mood = choose_mood(dice_());
        pause = std::chrono::milliseconds{mood == Mood::takes ? 0 : dice_() % 200};
        auto arrival = read_message(message);
        if (mood != Mood::asks_again && mood != Mood::loses_message)
            arrival.taken_as = id = ++taken_;
        arrivals_.push_back(std::move(arrival));
    }
    std::this_thread::sleep_for(pause);
    if (mood == Mood::asks_again)
        return answer_of("400 Bad Request", R"({"error":{"message":"Try again later","code":190001,"is_transient":true}})");
    if (mood == Mood::loses_answer)
        return std::string{ProviderSink::hang_up};
    if (mood == Mood::loses_message)
        return answer_of("502 Bad Gateway", "{}");
    return answer_of("200 OK", fmt::format(R"({{"messaging_product":"whatsapp","messages":[{{"id":"wamid.sink{}"}}]}})", id));
}

} // namespace fault
