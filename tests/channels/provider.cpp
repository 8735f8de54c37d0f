#include "channels/provider.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace deskbridge::test {
namespace {

constexpr auto bot_token = "7100200300:AAExampleToken_1";

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

} // namespace

Provider::Provider(std::string const& channel) : simulator_(judge_of(channel).at("simulator"))
{
    options.hook_url.clear();
    options.telegram_token = bot_token;
    start();
    obey(simulator_.value("at_provider", Json::array()));
}

void Provider::obey(Json const& orders)
{
    for (auto const& one : orders) {
        auto const answer = control("POST", filled(one.at("path").get<std::string>()), Json::parse(filled(one.at("order").dump())));
        if (one.contains("as"))
            names_[one.at("as").get<std::string>()] = answer.at("id").get<std::string>();
    }
}

std::string Provider::filled(std::string text) const
{
    for (auto const& [name, id] : names_) {
        auto const mark = "${" + name + "}";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + id.size()))
            text.replace(at, mark.size(), id);
    }
    return text;
}

std::string Provider::place(std::string const& path, std::string const& type, std::string const& bytes)
{
    auto const answer = ask(HttpRequest{"POST", base + path, {{"Content-Type", type}}, bytes});
    auto const* response = std::get_if<HttpResponse>(&answer);
    REQUIRE(response);
    return Json::parse(response->body).at("id").get<std::string>();
}

void Provider::keep(std::string const& known_as, std::string const& type)
{
    constexpr std::size_t some = 1000;
    ids_[known_as] = place("/sim/media?name=kept", type, bytes_of(type, some));
}

void Provider::rename(Json const& scripted, HttpResponse const& answer)
{
    auto const theirs = Json::parse(answer.body, nullptr, false);
    if (scripted.is_object() && scripted.value("id", Json{}).is_string() && theirs.is_object() && theirs.contains("id"))
        ids_[scripted.at("id").get<std::string>()] = theirs.at("id").get<std::string>();
}

HttpResponse Provider::judge(channel::Step const& step, Json const& files)
{
    auto request = step.request;
    auto const host = simulator_.at("host").get<std::string>();
    if (!request.target.starts_with(base + "/")) { // where its own links lead
        REQUIRE(request.target.starts_with(host + "/"));
        request.target = base + simulator_.at("below").get<std::string>() + request.target.substr(host.size());
    }
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

HttpResponse Provider::take(HttpRequest const& request)
{
    auto answer = judge({request});
    INFO(request.method << ' ' << request.target << '\n' << request.body << '\n' << answer.body);
    CHECK(answer.status == 200);
    return answer;
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

int Provider::play(Fixture const& fixture)
{
    ChannelScene const scene{fixture.channel};
    auto const content = parse_content(fixture.doc.at("content").dump());
    REQUIRE(content.has_value());
    auto const files = fixture.doc.at("content").value("files", Json::array());
    auto const responses = fixture.doc.value("responses", Json::array());
    std::size_t next_response = 0;
    int judged = 0;
    for (auto const& message : scene.adapter().plan(*content, scene.adapter().capabilities(scene.account()))) {
        channel::Delivery const delivery{message, read_address(fixture.doc.value("to", "")), fixture.doc.value("group", ""),
                                         fixture.doc.value("token", ""), scene.received_at(), fixture.doc.value("uploaded", ""), read_link(fixture.doc)};
        std::vector<HttpResponse> so_far;
        for (;;) {
            auto const next = scene.adapter().next(scene.account(), delivery, so_far);
            auto const* step = std::get_if<channel::Step>(&next);
            if (!step)
                break;
            auto const answer = judge(*step, files);
            INFO(step->request.method << ' ' << step->request.target << '\n' << step->request.body.substr(0, 800) << '\n' << answer.body);
            CHECK(answer.status == 200);
            ++judged;
            if (next_response >= responses.size())
                break;
            rename(responses[next_response].value("json", Json{}), answer);
            so_far.push_back(read_response(responses[next_response++]));
        }
    }
    return judged;
}

Json judge_of(std::string const& channel)
{
    return ChannelScene{channel}.conformance().at("judge");
}

std::vector<std::string> judged_by(std::string const& kind)
{
    std::vector<std::string> channels;
    for (auto const name : channel::adapter_names())
        if (judge_of(std::string{name}).contains(kind))
            channels.emplace_back(name);
    return channels;
}

} // namespace deskbridge::test
