#include "bot_chat.hpp"

#include "http.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace fault {

using nlohmann::json;

BotChat::BotChat(std::string const& program, std::filesystem::path const& folder, int port) : port_{port}
{
    std::ofstream{folder / "bot_token"} << token << '\n';
    pid_ = ::fork();
    if (pid_ == 0) {
        auto const listen = fmt::format("127.0.0.1:{}", port);
        auto const state = (folder / "sim").string();
        auto const token_file = (folder / "bot_token").string();
        (void)!std::freopen((folder / "sim.log").c_str(), "w", stdout);
        (void)!std::freopen((folder / "sim.err").c_str(), "w", stderr);
        ::execl(program.c_str(), program.c_str(), "simulate", "--listen", listen.c_str(), "--state", state.c_str(), "--telegram-token-file",
                token_file.c_str(), "--time-scale", "20", static_cast<char*>(nullptr));
        ::_exit(127);
    }
    if (!wait_for([this] { return !get("/sim/telegram/state").is_discarded(); }))
        throw std::runtime_error("the simulator does not answer");
    person_ = post("/sim/telegram/people", {{"first_name", "Ana"}, {"language_code", "en"}}).at("id").get<std::int64_t>();
}

BotChat::~BotChat()
{
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

std::string BotChat::person(std::string const& verb) const
{
    return fmt::format("/sim/telegram/people/{}/{}", person_, verb);
}

std::int64_t BotChat::says(std::string const& text) const
{
    return post(person("messages"), {{"text", text}}).at("message_id").get<std::int64_t>();
}

std::int64_t BotChat::sends_photo(std::string const& bytes, std::string const& caption) const
{
    auto const request = fmt::format("POST /sim/telegram/files?as=photo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\n"
                                     "Content-Length: {}\r\n\r\n{}",
                                     bytes.size(), bytes);
    HttpConnection connection{port_};
    if (connection.send_raw(request) != 200)
        throw std::runtime_error("the simulator takes no file");
    auto const file = json::parse(connection.last_body()).at("id").get<std::string>();
    json const order{{"file", file}, {"as", "photo"}, {"caption", caption}};
    return post(person("messages"), order).at("message_id").get<std::int64_t>();
}

void BotChat::edits(std::int64_t message, std::string const& text) const
{
    post(person("edits"), {{"message_id", message}, {"text", text}});
}

void BotChat::blocks(bool blocked) const
{
    post(person("blocks"), {{"blocked", blocked}});
}

bool BotChat::taps(std::string const& title) const
{
    json order;
    for (auto const& message : from_bot())
        if (message.contains("reply_markup"))
            for (auto const& row : message.at("reply_markup").at("inline_keyboard"))
                for (auto const& button : row)
                    if (button.value("text", "").find(title) != std::string::npos)
                        order = {{"message_id", message.at("message_id")}, {"data", button.at("callback_data")}};
    return !order.is_null() && post(person("taps"), order).contains("id");
}

json BotChat::call(std::string const& method, json const& parameters) const
{
    return post(fmt::format("/telegram/bot{}/{}", token, method), parameters);
}

void BotChat::goes_wrong(json const& fault) const
{
    post("/sim/telegram/faults", fault);
}

json BotChat::from_bot() const
{
    auto ours = json::array();
    auto const chat = get(fmt::format("/sim/telegram/chats/{}", person_));
    if (chat.is_object() && chat.contains("messages"))
        for (auto const& message : chat.at("messages"))
            if (message.at("from").value("is_bot", false))
                ours.push_back(message);
    return ours;
}

bool BotChat::shows(std::string const& words) const
{
    for (auto const& message : from_bot())
        if (message.value("text", message.value("caption", "")).find(words) != std::string::npos)
            return true;
    return false;
}

std::size_t BotChat::copies(std::string const& text) const
{
    std::size_t count = 0;
    for (auto const& message : from_bot())
        count += message.value("text", message.value("caption", "")) == text ? 1U : 0U;
    return count;
}

std::string BotChat::bytes_of(std::string const& file) const
{
    return HttpConnection{port_}.read("/sim/telegram/files/" + file);
}

json BotChat::calls(std::string const& method) const
{
    auto found = json::array();
    auto const ledger = get("/sim/telegram/ledger?limit=10000");
    if (ledger.is_object())
        for (auto const& row : ledger.value("rows", json::array()))
            if (row.value("kind", "") == "call" && row.value("method", "") == method)
                found.push_back(row);
    return found;
}

std::size_t BotChat::waiting() const
{
    auto const state = get("/sim/telegram/state");
    return state.is_object() ? state.at("webhook").value("pending_update_count", 0U) : 0U;
}

json BotChat::get(std::string const& path) const
{
    return json::parse(HttpConnection{port_}.read(path), nullptr, false);
}

json BotChat::post(std::string const& path, json const& order) const
{
    return json::parse(HttpConnection{port_}.post_json(path, order.dump()));
}

} // namespace fault
