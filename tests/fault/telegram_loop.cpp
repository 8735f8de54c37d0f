#include "arguments.hpp"
#include "bot_chat.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace fault;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr auto usage = R"(telegram_loop --deskbridge PROGRAM --updates HOW

Telegram through both halves of the program as processes: a message becomes a ticket, which is acknowledged and answered; buttons,
edits and files; a bot that is blocked, one that is asked to wait, and an answer that is lost. HOW: webhook, poll.
)";

std::string const photo = "\xFF\xD8\xFF\xE0" + std::string(20'000, 'p');
std::string const pdf = "%PDF-1.7 " + std::string(300'000, 'o');

struct Desk {
    CommandLine commands;

    [[nodiscard]] CommandLine::Answer run(std::string const& command) const { return commands.run(command); }
    [[nodiscard]] json ticket(int number) const
    {
        auto const shown = json::parse(commands.run(fmt::format("ticket show {} --peek --json", number)).words, nullptr, false);
        return shown.is_object() && shown.contains("timeline") ? shown : json{{"timeline", json::array()}};
    }
    /// The newest message of ticket 1 with this text; null: there is none.
    [[nodiscard]] json message(std::string const& text) const
    {
        json found;
        auto const shown = ticket(1);
        for (auto const& item : shown.at("timeline"))
            if (item.value("text", "") == text)
                found = item;
        return found;
    }
    [[nodiscard]] std::string delivery(std::string const& text) const
    {
        auto const found = message(text);
        return found.is_null() ? std::string{} : found.value("delivery", "");
    }
    [[nodiscard]] bool becomes(std::string const& text, std::string const& delivery_state) const
    {
        return wait_for([&] { return delivery(text) == delivery_state; });
    }
    void reply(std::string const& text, std::string const& more = {}) const
    {
        auto const said = run(fmt::format("ticket reply 1 -m '{}' {}", text, more));
        expect(said.status == 0, "reply fails: " + said.words);
    }
};

/// What the two halves have between them.
struct Loop {
    Daemon& daemon;
    BotChat const& chat;
    Desk const& desk;
    fs::path folder;
};

void write_configuration(Daemon const& daemon, int provider, std::string const& updates)
{
    std::ofstream{daemon.configuration().parent_path() / "webhook_secret"} << "tg_secret-of-the-loop\n";
    std::ofstream{daemon.configuration()} << fmt::format(R"([server]
listen = "127.0.0.1:{0}"
public_url = "http://127.0.0.1:{0}"
socket = "c.sock"
[store]
path = "deskbridge.db"
[[account]]
name = "bot"
channel = "telegram"
bot_id = "7100200300"
username = "parcel_desk_bot"
api_base = "http://127.0.0.1:{1}/telegram"
updates = "{2}"
automatic_per_hour = 100
bot_token = {{ file = "bot_token" }}
webhook_secret = {{ file = "webhook_secret" }}
)",
                                                         daemon.port(), provider, updates);
}

/// As channels/telegram/telegram.md tells operators to.
void set_webhook(Loop const& loop)
{
    json const kinds{"message", "edited_message", "callback_query", "my_chat_member", "message_reaction"};
    auto const set = loop.chat.call("setWebhook", {{"url", fmt::format("http://127.0.0.1:{}/hooks/bot", loop.daemon.port())},
                                                   {"secret_token", "tg_secret-of-the-loop"},
                                                   {"max_connections", 40},
                                                   {"allowed_updates", kinds}});
    expect(set.value("ok", false), "setWebhook: " + set.dump());
}

void check_ticket(Loop const& loop)
{
    loop.chat.says("My parcel has not arrived");
    expect(wait_for([&] { return !loop.desk.message("My parcel has not arrived").is_null(); }), "no ticket");
    expect(wait_for([&] { return loop.chat.shows("#"); }), "no acknowledgement with a reference");
    auto const before = loop.chat.from_bot().size();
    loop.chat.says("status");
    expect(wait_for([&] { return loop.chat.from_bot().size() == before + 1; }), "status is not answered");
    loop.desk.reply("It is in Leipzig.");
    expect(wait_for([&] { return loop.chat.copies("It is in Leipzig.") == 1; }), "the reply does not arrive");
    expect(loop.desk.becomes("It is in Leipzig.", "accepted"), "the reply is " + loop.desk.delivery("It is in Leipzig."));
}

/// Solved, written to again, and then "something new" by a button: the tap makes another ticket, and the button stops spinning.
void check_tap(Loop const& loop)
{
    expect(loop.desk.run("ticket solve 1 -m 'Delivered on Friday'").status == 0, "solve fails");
    expect(wait_for([&] { return loop.chat.shows("Delivered on Friday"); }), "the summary does not arrive");
    loop.chat.says("It never came, I waited for it the whole of Friday");
    bool tapped = false;
    auto const taps = [&] { return tapped = tapped || loop.chat.taps("Something new"); };
    expect(wait_for(taps), "no button for something new: " + loop.chat.from_bot().dump());
    expect(wait_for([&] { return loop.desk.run("ticket show 2 --peek").status == 0; }), "the tap makes no other ticket");
    expect(wait_for([&] { return loop.chat.calls("answerCallbackQuery").size() == 1; }), "the tap is not answered");
    for (auto const& row : loop.chat.calls("answerCallbackQuery"))
        expect(row.value("verdict", "") == "taken", "answerCallbackQuery: " + row.dump());
    auto const lists = [&] {
        for (auto const& message : loop.chat.from_bot())
            if (message.contains("reply_markup") && message.at("reply_markup").at("inline_keyboard").size() == 2)
                return true;
        return false;
    };
    // What had reopened the first ticket is in the second now, and the first is solved again.
    expect(loop.desk.run("ticket reopen 1").status == 0, "reopen fails");
    loop.chat.says("status");
    bool const listed = wait_for(lists);
    expect(listed, "no list of two tickets: " + loop.chat.from_bot().dump());
}

void check_edit(Loop const& loop)
{
    auto const message = loop.chat.says("The number is 4711, I believe, of that parcel");
    auto const in_a_ticket = [&](std::string const& words) {
        return loop.desk.ticket(1).dump().find(words) != std::string::npos || loop.desk.ticket(2).dump().find(words) != std::string::npos;
    };
    expect(wait_for([&] { return in_a_ticket("The number is 4711"); }), "the message is in no ticket");
    loop.chat.edits(message, "The number is 4712, I am sure, of that parcel");
    expect(wait_for([&] { return in_a_ticket("The number is 4712"); }), "the edit is in no ticket");
}

void check_files(Loop const& loop)
{
    loop.chat.sends_photo(photo, "This is what it looks like");
    json file;
    auto const fetched = [&] {
        for (int const number : {1, 2}) {
            auto const shown = loop.desk.ticket(number);
            for (auto const& item : shown.at("timeline"))
                for (auto const& one : item.value("attachments", json::array()))
                    if (one.value("state", "") == "fetched") {
                        file = one;
                        file["ticket"] = number;
                    }
        }
        return !file.is_null();
    };
    expect(wait_for(fetched), "the photo is not fetched");
    auto const saved = loop.folder / "saved.jpg";
    auto const save = fmt::format("ticket attachment save {} {} '{}'", file.value("ticket", 0), file.value("id", 0), saved.string());
    expect(loop.desk.run(save).status == 0, "save fails");
    expect(deskbridge::test::try_read_file(saved) == photo, "what was saved is not what was sent");

    auto const offer = loop.folder / "our offer.pdf";
    std::ofstream{offer, std::ios::binary} << pdf;
    loop.desk.reply("Your offer", fmt::format("--file '{}'", offer.string()));
    expect(wait_for([&] { return loop.chat.copies("Your offer") == 1; }), "the file does not arrive: " + loop.desk.delivery("Your offer"));
    for (auto const& message : loop.chat.from_bot())
        if (message.contains("document")) {
            expect(message.at("document").value("file_name", "") == "our offer.pdf", "not with its name: " + message.dump());
            expect(loop.chat.bytes_of(message.at("document").value("file_id", "")) == pdf, "other bytes have arrived");
        }
}

void check_blocked(Loop const& loop)
{
    loop.chat.blocks(true);
    auto const told = [&loop] { return loop.desk.commands.run("ticket show 1 --peek").words.find("The customer has blocked us") != std::string::npos; };
    expect(wait_for(told), "the ticket does not say that the bot is blocked");
    auto const link = loop.desk.ticket(1).value("link", "");
    expect(link.starts_with("https://t.me/parcel_desk_bot?start=") && link.size() == 43, "the ticket has no link: " + link);
    auto const refused = loop.desk.commands.run("ticket reply 1 -m 'Are you there?'");
    expect(refused.status == 5 && refused.words.find("The customer has blocked us") != std::string::npos, "blocked, and a reply is taken: " + refused.words);
    loop.chat.blocks(false);
    expect(wait_for([&] { return !told(); }), "the ticket still says that the bot is blocked");
    loop.desk.reply("There you are.");
    expect(loop.desk.becomes("There you are.", "accepted"), "let in again, and the reply is " + loop.desk.delivery("There you are."));
}

void check_throttled(Loop const& loop)
{
    loop.chat.goes_wrong({{"kind", "throttle_429"}, {"retry_after_s", 2}, {"words", "Slowly."}});
    loop.desk.reply("Slowly.");
    expect(loop.desk.becomes("Slowly.", "accepted"), "asked to wait, and the reply is " + loop.desk.delivery("Slowly."));
    std::string verdicts;
    for (auto const& row : loop.chat.calls("sendMessage"))
        if (row.at("parameters").value("text", "") == "Slowly.")
            verdicts += row.value("verdict", "") + " ";
    expect(verdicts == "not_taken taken ", "429: " + verdicts);
    expect(loop.daemon.log().find("account_rests") != std::string::npos, "the wait is not told");
}

/// Taken, and no answer: nobody knows, so a person decides. It stays so over a crash.
void check_lost(Loop const& loop)
{
    loop.chat.goes_wrong({{"kind", "reset"}, {"accept", true}, {"words", "Lost."}});
    loop.desk.reply("Lost.");
    auto const in_doubt = [&] {
        auto const is = loop.desk.delivery("Lost.");
        return is == "unknown" || is == "held";
    };
    expect(wait_for(in_doubt), "lost, and the reply is " + loop.desk.delivery("Lost."));
    loop.daemon.kill();
    auto const said = "Are you still there, or shall I come by?";
    loop.chat.says(said); // nobody is: it waits at Telegram
    expect(loop.chat.waiting() >= 1, "an update is gone while the daemon is");
    loop.daemon.start();
    auto const told = [&] { return (loop.desk.ticket(1).dump() + loop.desk.ticket(2).dump()).find(said) != std::string::npos; };
    expect(wait_for(told), "what was written meanwhile does not come");
    loop.desk.reply("Found.");
    expect(loop.desk.becomes("Found.", "accepted"), "behind a lost one the reply is " + loop.desk.delivery("Found."));
    expect(in_doubt(), "lost, and later it is " + loop.desk.delivery("Lost."));
    expect(loop.chat.copies("Lost.") == 1, fmt::format("a lost one was sent {} times", loop.chat.copies("Lost.")));
    auto const settled = loop.desk.run(fmt::format("outbox resolve {} --sent", loop.desk.message("Lost.").value("id", 0)));
    expect(settled.status == 0, "outbox resolve fails: " + settled.words);
}

/// Everything that the adapter asked for was what the Bot API takes, but for what was meant to be refused: to somebody who has
/// blocked the bot, and the question of a daemon that is no more.
void check_ledger(Loop const& loop)
{
    auto const meant = [](json const& row) {
        auto const code = row.value("code", 0);
        return code == 403 || (code == 409 && row.value("method", "") == "getUpdates");
    };
    for (auto const* const method : {"sendMessage", "sendDocument", "answerCallbackQuery", "getFile", "getUpdates"})
        for (auto const& row : loop.chat.calls(method))
            expect(row.value("verdict", "") != "refused" || meant(row), "refused: " + row.dump());
    expect(loop.daemon.log().find(BotChat::token) == std::string::npos, "the token is in the log");
    expect(loop.daemon.log().find("Leipzig") == std::string::npos, "somebody's words are in the log");
}

void run(Arguments const& arguments)
{
    std::string const program = fs::absolute(arguments.text("--deskbridge"));
    auto const updates = arguments.text("--updates");
    ScratchFolder const folder;
    int const provider = free_port();
    Daemon daemon{program, folder.path(), provider};
    write_configuration(daemon, provider, updates);
    BotChat const chat{program, folder.path(), provider};
    daemon.start();
    Desk const desk{{program, daemon.configuration()}};
    expect(desk.commands.add_tester(), "no agent");
    Loop const loop{daemon, chat, desk, folder.path()};
    if (updates == "webhook")
        set_webhook(loop);
    check_ticket(loop);
    check_tap(loop);
    check_edit(loop);
    check_files(loop);
    check_blocked(loop);
    check_throttled(loop);
    check_lost(loop);
    check_ledger(loop);
    expect(chat.calls("getUpdates").empty() == (updates == "webhook"), "updates come the other way");
    expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
}

} // namespace

int main(int argc, char** argv)
{
    try {
        run(Arguments{argc, argv, usage});
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    return conclude();
}
