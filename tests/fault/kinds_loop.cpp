#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "provider_process.hpp"
#include "tally.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace fault;
using nlohmann::json;

namespace {

constexpr auto usage = R"(kinds_loop --deskbridge PROGRAM

What comes in beside a customer's plain texts, through both halves of the program as processes: groups both ways, a click on an
advert and what an answer to it costs, what is typed on the business's phone, history, conversations of another app, calls, consent,
numbers that are dialled otherwise, and people of whom hardly anything is told. Everything is taken, and nothing lands on the shelf.
)";

struct Scene {
    explicit Scene(std::string const& program)
        : daemon{program, folder.path(), port},
          provider{program, folder.path(), port, fmt::format("http://127.0.0.1:{}/hooks/support", daemon.port())}, desk{program, daemon.configuration()}
    {
        std::ofstream{daemon.configuration(), std::ios::app} << "waba_id = \"880011223344556\"\ngroups = \"tickets\"\n";
        provider.start();
        daemon.start();
        expect(desk.add_tester(), "no agent");
    }
    [[nodiscard]] std::string customer(json order) const
    {
        order.emplace("country", "DE");
        return provider.order("/sim/customers", order).at("id").get<std::string>();
    }
    json act(std::string const& who, std::string const& verb, json const& order) const { return provider.order("/sim/customers/" + who + verb, order); }
    /// A photo as the provider keeps it.
    [[nodiscard]] std::string photo() const
    {
        std::string const bytes = "\xFF\xD8\xFF\xE0" + std::string(2000, 'p');
        HttpConnection connection{port};
        (void)connection.send_raw(fmt::format("POST /sim/media?name=p.jpg HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\n"
                                              "Content-Length: {}\r\n\r\n{}",
                                              bytes.size(), bytes));
        return json::parse(connection.last_body()).at("id").get<std::string>();
    }
    [[nodiscard]] json chat(std::string const& path) const { return provider.ask(path).value("messages", json::array()); }
    [[nodiscard]] json shown(std::string const& path, std::string const& words) const
    {
        for (auto const& message : chat(path))
            if (message.dump().find(words) != std::string::npos)
                return message;
        return json::object();
    }
    /// Nothing is on its way to the daemon any more.
    [[nodiscard]] bool rests() const
    {
        return wait_for([&] { return provider.ask("/sim/hook").value("unanswered", 1) == 0; });
    }
    [[nodiscard]] json ticket(int number) const
    {
        auto const found = json::parse(desk.run(fmt::format("ticket show {} --peek --json", number)).words, nullptr, false);
        return found.is_object() ? found : json::object();
    }
    /// The ticket that holds these words, 0 if none does.
    [[nodiscard]] int ticket_with(std::string const& words) const
    {
        for (int number = 1; number < 20; ++number)
            if (ticket(number).dump().find(words) != std::string::npos)
                return number;
        return 0;
    }
    int awaits_ticket(std::string const& words) const
    {
        int found = 0;
        expect(wait_for([&] { return (found = ticket_with(words)) != 0; }), "no ticket with: " + words);
        return found;
    }
    void replies(int ticket_number, std::string const& words) const
    {
        auto const said = desk.run(fmt::format("ticket reply {} -m '{}'", ticket_number, words));
        expect(said.status == 0, "no reply: " + said.words);
    }

    ScratchFolder folder;
    int port{free_port()};
    Daemon daemon;
    ProviderProcess provider;
    CommandLine desk;
};

void check_group(Scene const& scene)
{
    auto const mara = scene.customer({{"name", "Mara"}});
    auto const tom = scene.customer({{"name", "Tom"}});
    auto const group = scene.provider.order("/sim/groups", {{"subject", "Project"}, {"participants", {mara, tom}}}).at("id").get<std::string>();
    auto const path = "/sim/groups/" + group;
    scene.provider.order(path + "/messages", {{"customer", mara}, {"body", "Is anybody of the shop here?"}});
    auto const ticket = scene.awaits_ticket("Is anybody of the shop here?");
    scene.replies(ticket, "We are all here.");
    expect(wait_for([&] { return scene.shown(path, "We are all here.").value("status", "") == "delivered"; }), "the answer does not come to the group");
    scene.provider.order(path + "/open", {{"customer", tom}});
    scene.provider.order(path + "/messages", {{"customer", tom}, {"body", "Good to know"}});
    expect(wait_for([&] { return scene.ticket(ticket).dump().find("Good to know") != std::string::npos; }), "another participant is not in the same ticket");
    scene.provider.order(path, {{"subject", "Project 2"}, {"remove", {tom}}});
    scene.provider.order(path, {{"suspended", true}});
    auto const refused = scene.desk.run(fmt::format("ticket reply {} -m 'Still there?'", ticket));
    expect(refused.status == 0, "no reply: " + refused.words);
    expect(wait_for([&] { return scene.ticket(ticket).dump().find("refused") != std::string::npos; }), "a suspended group's refusal is not told");
    for (auto const& message : scene.chat(path))
        expect(message.value("from", "") != "business" || message.dump().find("Still there?") == std::string::npos, "it was taken all the same");
}

void check_advert(Scene const& scene)
{
    auto const ana = scene.customer({{"name", "Ana"}});
    scene.act(ana, "/messages", {{"body", "Is the offer still on?"}, {"referral", true}});
    auto const ticket = scene.awaits_ticket("Is the offer still on?");
    scene.replies(ticket, "It is on until Friday.");
    auto const path = "/sim/customers/" + ana;
    expect(wait_for([&] { return scene.shown(path, "It is on until Friday.").value("status", "") == "delivered"; }), "the answer does not arrive");
    expect(scene.shown(path, "It is on until Friday.").at("price").at("pricing").value("type", "") == "free_entry_point", "the answer is not free");
    expect(scene.ticket(ticket).dump().find("120226305854810726") != std::string::npos, "the advert is not with the message");
}

void check_business_phone(Scene const& scene)
{
    auto const eva = scene.customer({{"name", "Eva"}});
    scene.act(eva, "/messages", {{"body", "Do you have it in blue?"}});
    auto const ticket = scene.awaits_ticket("Do you have it in blue?");
    auto const typed = scene.act(eva, "/echoes", {{"type", "image"}, {"content", {{"id", scene.photo()}, {"caption", "In this blue"}}}});
    expect(wait_for([&] { return scene.ticket(ticket).dump().find("In this blue") != std::string::npos; }), "what was typed on the phone is not in the ticket");
    scene.act(eva, "/echo-changes", {{"message_id", typed.at("id")}, {"body", "In this dark blue"}});
    expect(wait_for([&] { return scene.ticket(ticket).dump().find("In this dark blue") != std::string::npos; }), "its edit is not in the ticket");
}

/// What was said long ago, what another app does, and what is no message: taken, and nobody's matter.
void check_bystanders(Scene const& scene)
{
    auto const ole = scene.customer({{"name", "Ole"}});
    json const told{{{"by", "customer"}, {"body", "An old question"}, {"ago_s", 9'000'000}},
                    {{"by", "business"}, {"type", "image"}, {"content", {{"id", scene.photo()}}}, {"ago_s", 86'400}}};
    scene.act(ole, "/history", {{"messages", told}});
    scene.provider.order("/sim/history", json::object());
    scene.provider.order("/sim/contacts", json::object());
    scene.act(ole, "/calls", {{"duration_s", 12}});
    scene.act(ole, "/preferences", {{"value", "stop"}});
    scene.act(ole, "/handovers", {{"owner", "other"}});
    scene.act(ole, "/messages", {{"body", "Words for another app"}});
    expect(scene.rests(), "not everything is taken");
    scene.act(ole, "/handovers", {{"owner", "own"}});
    scene.act(ole, "/messages", {{"body", "Words for the desk"}});
    auto const ticket = scene.awaits_ticket("Words for the desk");
    expect(scene.ticket_with("The customer called") == ticket, "a call is in no ticket, or in one of its own");
    for (auto const* words : {"Words for another app", "An old question"}) {
        auto const where = scene.ticket_with(words);
        expect(where == 0 || where == ticket, fmt::format("\"{}\" became a ticket of its own", words));
    }
}

void check_people(Scene const& scene)
{
    auto const joao = scene.customer({{"name", "João"}, {"country", "BR"}, {"phone", "551187654321"}});
    auto const shy = scene.customer({{"name", "Layla"}, {"phone_hidden", true}, {"phone_empty", true}, {"profile_hidden", true}, {"parent_user_id", "DE.ENT.1"}});
    for (auto const& [who, words, answer] : {std::tuple{joao, "Onde está meu pacote?", "Em Leipzig."}, {shy, "Where is it, please?", "In Leipzig."}}) {
        scene.act(who, "/messages", {{"body", words}});
        scene.replies(scene.awaits_ticket(words), answer);
        expect(wait_for([&] { return scene.shown("/sim/customers/" + who, answer).value("status", "") == "delivered"; }), fmt::format("{} does not arrive", answer));
    }
}

void run(Arguments const& arguments)
{
    Scene const scene{std::filesystem::absolute(arguments.text("--deskbridge")).string()};
    check_group(scene);
    check_advert(scene);
    check_business_phone(scene);
    check_bystanders(scene);
    check_people(scene);
    expect(scene.rests(), "not everything is taken");
    auto const shelf = scene.desk.run("shelf ls --json");
    expect(shelf.status == 0 && shelf.words.find("reason") == std::string::npos, "something lies on the shelf: " + shelf.words);
    expect(scene.daemon.log().find("An old question") == std::string::npos, "customers' words are in the log");
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
