#include "arguments.hpp"
#include "bot_chat.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "tally.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace fault;
using nlohmann::json;

namespace {

constexpr auto usage = R"(business_loop --deskbridge PROGRAM

A Telegram bot in somebody's business account, through both halves of the program as processes: what is written to the owner becomes a
ticket, answers go out in the owner's name, what the owner types is an echo; and a connection that may not answer, or has ended.
)";

void write_configuration(Daemon const& daemon, int provider)
{
    std::ofstream{daemon.configuration().parent_path() / "webhook_secret"} << "a_word-of-ours\n";
    std::ofstream{daemon.configuration()} << fmt::format(R"([server]
listen = "127.0.0.1:{0}"
public_url = "http://127.0.0.1:{0}"
socket = "c.sock"
[store]
path = "deskbridge.db"
[log]
level = "info"
[[account]]
name = "bot"
channel = "telegram"
bot_id = "7100200300"
api_base = "http://127.0.0.1:{1}/telegram"
updates = "poll"
bot_token = {{ file = "bot_token" }}
webhook_secret = {{ file = "webhook_secret" }}
)",
                                                         daemon.port(), provider);
}

struct Loop {
    explicit Loop(std::string const& program)
        : daemon{program, folder.path(), provider}, chat{program, folder.path(), provider}, desk{program, daemon.configuration()}
    {
        write_configuration(daemon, provider);
        owner = chat.post("/sim/telegram/people", {{"first_name", "Olga"}}).at("id").get<std::int64_t>();
        daemon.start();
        expect(desk.add_tester(), "no agent");
        connection = chat.post("/sim/telegram/connections", {{"owner", owner}}).at("id").get<std::string>();
    }
    void customer_writes(std::string const& text) const
    {
        chat.post(fmt::format("/sim/telegram/people/{}/messages", chat.id()), {{"text", text}, {"connection", connection}});
    }
    void owner_writes(std::string const& text) const
    {
        chat.post(fmt::format("/sim/telegram/people/{}/messages", owner), {{"text", text}, {"connection", connection}, {"to", chat.id()}});
    }
    void change(json const& order) const { chat.post("/sim/telegram/connections/" + connection, order); }
    /// The message with these words in the chat with the owner; null: there is none.
    [[nodiscard]] json shown(std::string const& words) const
    {
        auto const found = chat.get(fmt::format("/sim/telegram/chats/{}?connection={}", chat.id(), connection));
        for (auto const& message : found.value("messages", json::array()))
            if (message.value("text", "") == words)
                return message;
        return {};
    }
    /// The message with these words in ticket 1; null: there is none.
    [[nodiscard]] json message(std::string const& text) const
    {
        auto const ticket = json::parse(desk.run("ticket show 1 --peek --json").words, nullptr, false);
        json found;
        if (ticket.is_object() && ticket.contains("timeline"))
            for (auto const& item : ticket.at("timeline"))
                if (item.value("text", "") == text)
                    found = item;
        return found;
    }
    void says_no_more(std::string const& reason) const
    {
        expect(wait_for([&] { return desk.run("ticket show 1").words.find(reason) == std::string::npos; }), "the ticket still says: " + reason);
    }
    void is_refused(std::string const& text, std::string const& reason) const
    {
        auto const known = [&] { return desk.run("ticket show 1").words.find(reason) != std::string::npos; };
        expect(wait_for(known), "the ticket does not say: " + reason);
        auto const said = desk.run(fmt::format("ticket reply 1 -m '{}'", text));
        expect(said.status != 0 && said.words.find(reason) != std::string::npos, "not refused for this reason: " + said.words);
    }
    void replies(std::string const& text, std::string const& delivery) const
    {
        auto const said = desk.run(fmt::format("ticket reply 1 -m '{}'", text));
        expect(said.status == 0, "no reply: " + said.words);
        auto const state = [&] {
            auto const found = message(text);
            return found.is_object() ? found.value("delivery", "") : std::string{};
        };
        expect(wait_for([&] { return state() == delivery; }), fmt::format("{}: {} instead of {}", text, state(), delivery));
    }

    ScratchFolder folder;
    int provider{free_port()};
    Daemon daemon;
    BotChat chat;
    CommandLine desk;
    std::int64_t owner{0};
    std::string connection;
};

void check_chat(Loop const& loop)
{
    loop.customer_writes("Is the blue one still there?");
    expect(wait_for([&] { return loop.message("Is the blue one still there?").is_object(); }), "no ticket");
    loop.replies("It is.", "sent"); // what was sent there comes back
    auto const sent = loop.shown("It is.");
    expect(sent.is_object() && sent.at("from").value("id", std::int64_t{0}) == loop.owner, "the answer does not go out in the owner's name");
    loop.owner_writes("I keep it for you.");
    expect(wait_for([&] { return loop.message("I keep it for you.").is_object(); }), "what the owner types is not in the ticket");
    expect(loop.message("I keep it for you.").value("direction", "") == "out", "what the owner types is the customer's");
}

void check_refusals(Loop const& loop)
{
    loop.change({{"can_reply", false}});
    loop.is_refused("May I?", "does not let us reply");
    loop.change({{"can_reply", true}});
    loop.says_no_more("does not let us reply");
    loop.replies("Now I may.", "sent");
    loop.change({{"is_enabled", false}});
    loop.is_refused("Still there?", "has disconnected us");
    expect(!loop.shown("May I?").is_object() && !loop.shown("Still there?").is_object(), "something refused was sent");
}

} // namespace

int main(int argc, char** argv)
{
    try {
        Loop const loop{std::filesystem::absolute(Arguments{argc, argv, usage}.text("--deskbridge")).string()};
        check_chat(loop);
        check_refusals(loop);
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    return conclude();
}
