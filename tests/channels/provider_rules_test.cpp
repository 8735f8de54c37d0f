#include "channels/fixture.hpp"
#include "simulator/simulator_world.hpp"
#include "support/json_schema.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

// Every request that an adapter makes in its fixtures, put before whoever stands in for the provider, as the channel's conformance.json
// names them: a running simulator, or the schema of a channel whose other side is the operator's own.

using namespace deskbridge;
using test::Json;

namespace {

constexpr auto bot_token = "7100200300:AAExampleToken_1";

/// A simulator in which everybody and everything exists that the fixtures speak of.
struct Provider : test::SimulatorWorld {
    Provider()
    {
        options.hook_url.clear();
        options.telegram_token = bot_token;
        start();
        populate_number();
        populate_bot();
    }

    /// The provider's answer to a request of the adapter's; the file in it has the size that it announces.
    HttpResponse judge(channel::Step const& step, Json const& files, Json const& simulator);
    /// A file that was uploaded before: what the adapter knows it by.
    void keep(std::string const& known_as, std::string const& type);
    /// From now on the provider's id stands where the adapter names its scripted one.
    void rename(Json const& scripted, HttpResponse const& answer);
    /// What fails later, once it was taken: "131047", each once.
    std::vector<std::int64_t> failures();

private:
    void populate_number();
    void populate_bot();
    std::map<std::string, std::string> ids_; ///< of files: the adapter's, the provider's
    void add_group(std::int64_t id, bool forum);
};

void Provider::populate_number()
{
    Json mara{{"name", "Mara"}, {"country", "DE"}, {"phone", "4915112345678"}, {"user_id", "DE.8842019375501127"}};
    Json joao{{"name", "João"}, {"country", "BR"}, {"phone", "5511987654321"}};
    for (auto const& who : {mara, joao}) {
        auto const made = control("POST", "/sim/customers", who);
        says(made, "Hello");
        if (who != mara)
            continue;
        for (auto const* const id : {"g1", "Y2FwaV9ncm91cDox"}) {
            control("POST", "/sim/groups", Json{{"id", id}, {"subject", "Project"}, {"participants", Json::array({made.at("id")})}});
            control("POST", "/sim/groups/" + std::string{id} + "/messages", Json{{"customer", made.at("id")}, {"body", "Hello"}});
        }
    }
}

void Provider::populate_bot()
{
    auto const order = [this](std::string const& path, Json const& what) { return control("POST", "/sim/telegram" + path, what); };
    order("/people", Json{{"id", 6001}, {"first_name", "Ana"}});
    order("/people", Json{{"id", 9001}, {"first_name", "Olga"}});
    order("/people/6001/messages", Json{{"text", "Hello"}});
    order("/connections", Json{{"id", "gBcK7Zz_-1"}, {"owner", 9001}});
    order("/people/6001/messages", Json{{"text", "Hello Olga"}, {"connection", "gBcK7Zz_-1"}});
    add_group(-1001234567890, true);
    add_group(-4242, false);
}

void Provider::add_group(std::int64_t id, bool forum)
{
    control("POST", "/sim/telegram/groups", Json{{"id", id}, {"title", "Group"}, {"forum", forum}});
    if (forum)
        control("POST", "/sim/telegram/groups/" + std::to_string(id) + "/topics", Json{{"name", "Topic"}, {"id", 45}});
}

/// So many bytes of what begins like a file of this type.
std::string bytes_of(std::string const& type, std::size_t size)
{
    std::string bytes = type == "image/jpeg" ? "\xFF\xD8\xFF\xE0" : type == "image/png" ? "\x89PNG\r\n\x1A\n" : "";
    if (type == "audio/ogg")
        bytes = "OggS" + std::string(24, '\0') + "OpusHead\x01\x01";
    if (type == "image/webp") // it moves, for those may be larger
        bytes = "RIFF----WEBPVP8X----\x02";
    bytes.resize(size, 'x');
    return bytes;
}

void Provider::keep(std::string const& known_as, std::string const& type)
{
    HttpRequest request;
    request.method = "POST";
    request.target = base + "/sim/media?name=kept";
    request.headers.add("Content-Type", type);
    request.body = bytes_of(type, 1000);
    auto const answer = ask(request);
    ids_[known_as] = Json::parse(std::get<HttpResponse>(answer).body).at("id").get<std::string>();
}

void Provider::rename(Json const& scripted, HttpResponse const& answer)
{
    auto const theirs = Json::parse(answer.body, nullptr, false);
    if (scripted.is_object() && scripted.value("id", Json{}).is_string() && theirs.is_object() && theirs.contains("id"))
        ids_[scripted.at("id").get<std::string>()] = theirs.at("id").get<std::string>();
}

HttpResponse Provider::judge(channel::Step const& step, Json const& files, Json const& simulator)
{
    auto request = step.request;
    auto const host = simulator.at("host").get<std::string>();
    REQUIRE(request.target.starts_with(host + "/"));
    request.target = base + simulator.at("below").get<std::string>() + request.target.substr(host.size());
    for (auto const& [ours, theirs] : ids_)
        if (auto const at = request.body.find("\"id\":\"" + ours + "\""); at != std::string::npos)
            request.body.replace(at, ours.size() + 7, "\"id\":\"" + theirs + "\"");
    if (step.file) {
        auto const same = [&](Json const& file) { return file.at("size_bytes") == step.file->size; };
        auto const file = std::find_if(files.begin(), files.end(), same);
        request.body += bytes_of(file == files.end() ? "" : file->at("content_type").get<std::string>(), step.file->size) + step.file->after;
    }
    auto const answer = ask(request);
    auto const* response = std::get_if<HttpResponse>(&answer);
    REQUIRE(response);
    return *response;
}

std::vector<std::int64_t> Provider::failures()
{
    std::vector<std::int64_t> codes;
    auto const state = control("GET", "/sim/state");
    for (auto const* const list : {"customers", "groups"})
        for (auto const& chat : state.at(list))
            for (auto const& message : chat.at("messages"))
                if (message.contains("error"))
                    codes.push_back(message.at("error").at("code").get<std::int64_t>());
    return codes;
}

/// What must be there for one fixture alone.
void prepare(Provider& provider, test::Fixture const& fixture)
{
    for (auto const& order : fixture.doc.value("at_provider", Json::array()))
        provider.control("POST", order.at("path").get<std::string>(), order.at("order"));
    if (auto const known = fixture.doc.value("uploaded", ""); !known.empty())
        provider.keep(known, fixture.doc.at("content").at("files").at(0).at("content_type").get<std::string>());
}

/// Of a channel's conformance.json.
Json judge_of(std::string const& channel)
{
    return test::ChannelScene{channel}.conformance().at("judge");
}

/// The channels that name such a judge.
std::vector<std::string> judged_by(std::string const& kind)
{
    std::vector<std::string> channels;
    for (auto const name : channel::adapter_names())
        if (judge_of(std::string{name}).contains(kind))
            channels.emplace_back(name);
    return channels;
}

/// Plays a fixture's messages against its scripted answers, and puts every request before the provider too. Answers how many they were.
int put_before(Provider& provider, test::Fixture const& fixture)
{
    test::ChannelScene const scene{fixture.channel};
    auto const content = parse_content(fixture.doc.at("content").dump());
    REQUIRE(content.has_value());
    auto const files = fixture.doc.at("content").value("files", Json::array());
    auto const simulator = judge_of(fixture.channel).at("simulator");
    auto const responses = fixture.doc.value("responses", Json::array());
    std::size_t next_response = 0;
    int judged = 0;
    for (auto const& message : scene.adapter().plan(*content, scene.adapter().capabilities(scene.account()))) {
        channel::Delivery const delivery{message, test::read_address(fixture.doc.value("to", "")), fixture.doc.value("group", ""),
                                         fixture.doc.value("token", ""), scene.received_at(), fixture.doc.value("uploaded", ""), test::read_link(fixture.doc)};
        std::vector<HttpResponse> so_far;
        for (;;) {
            auto const next = scene.adapter().next(scene.account(), delivery, so_far);
            auto const* step = std::get_if<channel::Step>(&next);
            if (!step)
                break;
            auto const answer = provider.judge(*step, files, simulator);
            INFO(step->request.method << ' ' << step->request.target << '\n' << step->request.body.substr(0, 800) << '\n' << answer.body);
            CHECK(answer.status == 200);
            ++judged;
            if (next_response >= responses.size())
                break;
            provider.rename(responses[next_response].value("json", Json{}), answer);
            so_far.push_back(test::read_response(responses[next_response++]));
        }
    }
    return judged;
}

} // namespace

TEST_CASE("every request of every outbound fixture is one that the provider takes")
{
    for (auto const& channel : judged_by("simulator"))
        for (auto const& fixture : test::outbound_fixtures()) {
            if (fixture.channel != channel)
                continue;
            DYNAMIC_SECTION(fixture.channel << "/" << fixture.name)
            {
                Provider provider;
                prepare(provider, fixture);
                int const judged = put_before(provider, fixture);
                auto const makes_some = [](Json const& sent) { return !sent.at("requests").empty(); };
                CHECK((judged > 0) == std::any_of(fixture.doc.at("expect").begin(), fixture.doc.at("expect").end(), makes_some));
                CHECK(provider.failures() == std::vector<std::int64_t>{});
            }
        }
}

TEST_CASE("every request of every outbound fixture has the form of its schema, where a schema judges")
{
    auto const folder = std::filesystem::path{DESKBRIDGE_SOURCE_DIR} / "schemas" / "json";
    for (auto const& name : judged_by("schema")) {
        test::JsonSchema const form{test::read_file(folder / (judge_of(name).at("schema").get<std::string>() + ".schema.json"))};
        test::ChannelScene const scene{name};
        int judged = 0;
        for (auto const& fixture : test::outbound_fixtures()) {
            if (fixture.channel != name)
                continue;
            INFO(fixture.channel << '/' << fixture.name);
            auto const content = parse_content(fixture.doc.at("content").dump());
            REQUIRE(content.has_value());
            for (auto const& message : scene.adapter().plan(*content, scene.adapter().capabilities(scene.account()))) {
                channel::Delivery const delivery{message, test::read_address(fixture.doc.value("to", "")), fixture.doc.value("group", ""),
                                                 fixture.doc.value("token", ""), scene.received_at(), {}, test::read_link(fixture.doc)};
                auto const next = scene.adapter().next(scene.account(), delivery, {});
                if (auto const* step = std::get_if<channel::Step>(&next)) {
                    CHECK(form.fault_of(Json::parse(step->request.body, nullptr, false)) == "");
                    ++judged;
                }
            }
        }
        CHECK(judged > 0);
    }
}

TEST_CASE("every channel says who judges what it sends, or why nobody does")
{
    std::size_t named = 0;
    for (auto const* const kind : {"simulator", "schema", "none"})
        for (auto const& channel : judged_by(kind)) {
            ++named;
            if (std::string_view{kind} == "none")
                WARN(channel << ": " << judge_of(channel).at("none").get<std::string>());
        }
    CHECK(named == channel::adapter_names().size());
}

TEST_CASE("the stand-in refuses what an adapter must not send")
{
    struct Case {
        std::string label;
        Json change; ///< a merge patch for a good request
    };
    auto const c = GENERATE(values<Case>({
        {"no product", {{"messaging_product", nullptr}}},
        {"no text", {{"text", {{"body", ""}}}}},
        {"a text that is too long", {{"text", {{"body", std::string(4097, 'x')}}}}},
        {"a group as an individual", {{"to", "Y2FwaV9ncm91cDox"}}},
        {"a type without its object", {{"type", "image"}}},
    }));
    INFO(c.label);
    Provider provider;
    Json body{{"messaging_product", "whatsapp"}, {"recipient_type", "individual"}, {"to", "+4915112345678"}, {"type", "text"}, {"text", {{"body", "x"}}}};
    auto const ask = [&] { return provider.graph("POST", provider.options.phone_number_id + "/messages", body.dump()).status; };
    CHECK(ask() == 200);
    body.merge_patch(c.change);
    CHECK(ask() == 400);
}

TEST_CASE("read marks are such that the provider takes them")
{
    Provider provider;
    auto const asked = provider.control("GET", "/sim/state").at("customers").at(0).at("messages").at(0).at("id").get<std::string>();
    for (auto const& [channel, message] : {std::pair{"whatsapp", asked}, {"telegram", "gBcK7Zz_-1:6001:1"}}) {
        INFO(channel);
        test::ChannelScene const scene{channel};
        auto const mark = scene.adapter().read_mark(scene.account(), ExternalMessageId{message}, true);
        REQUIRE(mark.has_value());
        auto const answer = provider.judge({*mark}, Json::array(), judge_of(channel).at("simulator"));
        INFO(answer.body);
        CHECK(answer.status == 200);
    }
}
