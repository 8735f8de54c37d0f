#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "phone.hpp"
#include "tally.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace fault;
using nlohmann::json;

namespace {

constexpr auto usage = R"(template_loop --deskbridge PROGRAM

Templates through both halves of the program as processes: the list with its pages, an agent's template into a closed reply
window and what the customer sees of it, webhooks that change the list, refusals before anything is sent, and the provider's own.
)";

constexpr int extra = 130; ///< more than one page

/// The command line of the program, with the daemon's configuration.
struct Desk {
    CommandLine commands;

    [[nodiscard]] CommandLine::Answer ask(std::string const& command) const { return commands.run(command); }
    /// One object a line.
    [[nodiscard]] std::vector<json> lines(std::string const& command) const
    {
        std::vector<json> all;
        std::istringstream words{commands.run(command + " --json").words};
        for (std::string line; std::getline(words, line);)
            all.push_back(json::parse(line, nullptr, false));
        return all;
    }
    [[nodiscard]] std::string status_of(std::string const& name) const
    {
        auto const found = lines("template show support " + name + " --language en");
        return found.size() == 1 && found.front().is_object() ? found.front().value("status", "") : std::string{};
    }
    /// The delivery of the newest message to the customer.
    [[nodiscard]] std::string delivery() const
    {
        auto const shown = lines("ticket show 1 --peek");
        std::string last;
        if (shown.size() == 1 && shown.front().contains("timeline"))
            for (auto const& message : shown.front().at("timeline"))
                if (message.value("direction", "") == "out")
                    last = message.value("delivery", "");
        return last;
    }
};

void refused(Desk const& desk, std::string const& command, int status, std::string const& why)
{
    auto const answer = desk.ask(command);
    expect(answer.status == status && answer.words.find(why) != std::string::npos,
           fmt::format("{}: exit status {} instead of {}, or not \"{}\": {}", command, answer.status, status, why, answer.words));
}

void check_list(Phone const& phone, Desk const& desk)
{
    expect(wait_for([&] { return desk.status_of("ticket_update") == "approved"; }), "the list is not asked for at the start");
    for (int i = 0; i < extra; ++i)
        phone.changes_template({{"name", fmt::format("bulk_{}", i)}, {"language", "en"}, {"status", "APPROVED"}, {"silent", true}});
    auto const synced = desk.ask("template sync support");
    expect(synced.status == 0, "template sync: " + synced.words);
    auto const all = desk.lines("template ls support --all");
    expect(all.size() > extra, fmt::format("only {} templates are listed", all.size()));
    expect(desk.lines("template ls support --status paused").size() == 1, "the paused one is not found");
    refused(desk, "template show support nothing", 4, "has no template");
    phone.changes_template({{"name", "sync"}, {"language", "en"}, {"status", "APPROVED"}});
    expect(wait_for([&] { return desk.ask("template show support sync").status == 0; }), "a template cannot be called sync");
}

void check_send(Phone const& phone, Desk const& desk, std::filesystem::path const& bill)
{
    phone.said("My parcel has not arrived", 30 * 3600);
    expect(wait_for([&] { return desk.ask("ticket show 1 --peek").status == 0; }), "no ticket");
    refused(desk, "ticket reply 1 -m 'It comes on Monday'", 5, "reply window is closed");
    refused(desk, "ticket template 1 ticket_update --language en --param ticket_no=204", 2, "The value for \"state\" is missing.");
    refused(desk, R"x(ticket template 1 ticket_update --language en --param ticket_no=204 --param "state=$(printf 'a\nb')")x", 2, "has a line break");
    refused(desk, "ticket template 1 ticket_update --language fr", 2, "only in de, en");
    refused(desk, "ticket template 1 paused_offer", 5, "is paused by the provider");
    auto const sent = desk.ask("ticket template 1 ticket_update --language en --param ticket_no=204 --param state=solved");
    expect(sent.status == 0, "ticket template: " + sent.words);
    expect(wait_for([&] { return phone.shows("Your request 204 is now solved."); }), "the customer does not see it");
    expect(wait_for([&] { return desk.delivery() == "delivered"; }), "it is not delivered: " + desk.delivery());
    auto const shown = desk.ask("ticket show 1 --peek").words;
    expect(shown.find("Your request 204 is now solved.") != std::string::npos, "the timeline has not the customer's words: " + shown);
    auto const invoice = desk.ask("ticket template 1 invoice --param header=https://shop.example/r.pdf --param header.filename=r.pdf "
                                  "--param 1=Mara "
                                  "--param button.1=204");
    expect(invoice.status == 0, "a template with file and button: " + invoice.words);
    expect(wait_for([&] { return phone.shows("Hello Mara, here is your invoice."); }), "the invoice does not come");
    refused(desk, "ticket template 1 invoice --header-file " + bill.string() + " --param header=https://shop.example/r.pdf --param 1=Ben "
                  "--param button.1=205", 2, "given twice");
    auto const brought = desk.ask("ticket template 1 invoice --header-file " + bill.string() + " --param 1=Ben --param button.1=205");
    expect(brought.status == 0, "a template with a file of ours: " + brought.words);
    expect(wait_for([&] { return phone.shows("Hello Ben, here is your invoice."); }), "the invoice with the file does not come");
    expect(wait_for([&] { return desk.delivery() == "delivered"; }), "it is not delivered: " + desk.delivery());
}

/// What the provider keeps back until it knows the template's quality is shown as that, and goes on when it is let go.
void check_held(Phone const& phone, Desk const& desk)
{
    phone.changes_template({{"name", "ticket_update"}, {"language", "en"}, {"held", true}, {"silent", true}});
    auto const sent = desk.ask("ticket template 1 ticket_update --language en --param ticket_no=205 --param state=waiting");
    expect(sent.status == 0, "ticket template: " + sent.words);
    auto const shows_held = [&] { return desk.ask("ticket show 1 --peek").words.find("held_by_provider") != std::string::npos; };
    expect(wait_for(shows_held), "the ticket does not say that the provider keeps it back: " + desk.ask("ticket show 1 --peek").words);
    expect(desk.delivery() == "accepted", "what is kept back stands there as " + desk.delivery());
    phone.changes_template({{"name", "ticket_update"}, {"language", "en"}, {"held", false}, {"silent", true}});
    expect(wait_for([&] { return desk.delivery() == "delivered"; }), "it is not delivered when it is let go: " + desk.delivery());
    expect(!shows_held(), "the ticket still says that the provider keeps it back");
}

void check_webhooks(Phone const& phone, Desk const& desk)
{
    phone.changes_template({{"name", "ticket_update"}, {"language", "en"}, {"status", "PAUSED"}, {"quality", "RED"}});
    expect(wait_for([&] { return desk.status_of("ticket_update") == "paused"; }), "a webhook does not pause the template");
    refused(desk, "ticket template 1 ticket_update --language en --param ticket_no=204 --param state=solved", 5,
            "is paused by the provider");
    phone.changes_template({{"name", "ticket_update"}, {"language", "en"}, {"status", "APPROVED"}});
    expect(wait_for([&] { return desk.status_of("ticket_update") == "approved"; }), "a webhook does not approve it again");
    phone.changes_template({{"name", "brand_new"}, {"language", "en"}, {"status", "APPROVED"}});
    expect(wait_for([&] { return desk.status_of("brand_new") == "approved"; }), "a new template is not asked for after its webhook");
}

/// What the list does not tell: the provider has the last word, and its sentence stands in the ticket.
void check_provider_refuses(Phone const& phone, Desk const& desk)
{
    phone.changes_template({{"name", "answer_ready"}, {"language", "en"}, {"status", "DISABLED"}, {"silent", true}});
    expect(desk.ask("ticket template 1 answer_ready --language en").status == 0, "the list knows what nobody told it");
    expect(wait_for([&] { return desk.delivery() == "refused"; }), "the provider's refusal is not told: " + desk.delivery());
}

void run(Arguments const& arguments)
{
    std::string const program = std::filesystem::absolute(arguments.text("--deskbridge"));
    ScratchFolder const folder;
    int const provider = free_port();
    Daemon daemon{program, folder.path(), provider};
    std::ofstream{daemon.configuration(), std::ios::app} << "waba_id = \"880011223344556\"\n";
    Phone phone{program, folder.path(), provider, daemon.port()};
    daemon.start();
    Desk const desk{{program, daemon.configuration()}};
    expect(desk.commands.add_tester(), "no agent");
    check_list(phone, desk);
    auto const bill = folder.path() / "bill.pdf";
    std::ofstream{bill} << "%PDF-1.7 204";
    check_send(phone, desk, bill);
    check_held(phone, desk);
    check_webhooks(phone, desk);
    check_provider_refuses(phone, desk);
    expect(daemon.log().find(Daemon::token) == std::string::npos, "the token is in the log");
    expect(daemon.log().find("204 is now solved") == std::string::npos, "a template's words are in the log");
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
