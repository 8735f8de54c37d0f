#include "channels/fixture.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

std::string const token = "7100200300:AAExampleToken_1";

channel::Account account(std::string const& api_base, std::vector<std::string> tokens = {token})
{
    return {"support", "7100200300", "telegram", "", {{"bot_id", "7100200300"}, {"api_base", api_base}}, {{"bot_token", std::move(tokens)}}};
}

/// "link URL hosts size", "no <problem>", or "asks URL".
std::string told(channel::Account const& own, std::vector<HttpResponse> const& so_far, std::string const& id = "AgAC/x")
{
    auto const step = channel::find_adapter("telegram")->media_step(own, {id, "image/jpeg", "", ""}, so_far);
    if (auto const* none = std::get_if<channel::NoMediaLink>(&step))
        return "no " + std::string{render_media_problem(none->problem)} + (none->asked.count() > 0 ? " " + std::to_string(none->asked.count()) : "");
    auto const* link = std::get_if<channel::MediaLink>(&step);
    if (link == nullptr)
        return "asks " + std::get<HttpRequest>(step).target;
    std::string out = "link " + link->request.target + (link->loopback ? " here" : "");
    for (auto const& host : link->hosts)
        out += " " + host;
    return link->size ? out + " " + std::to_string(*link->size) : out;
}

HttpResponse found(std::string const& path)
{
    return {200, {}, test::Json{{"ok", true}, {"result", {{"file_id", "x"}, {"file_size", 1234}, {"file_path", path}}}}.dump()};
}

HttpResponse refused(int code, std::string const& description)
{
    return {code, {}, test::Json{{"ok", false}, {"error_code", code}, {"description", description}}.dump()};
}

} // namespace

TEST_CASE("Telegram: the way to a file")
{
    struct Case {
        std::string label;
        std::string api_base;
        std::vector<HttpResponse> so_far;
        std::string told;
    };
    std::string const real = "https://api.telegram.org";
    std::string const file = "link https://api.telegram.org/file/bot" + token + "/";
    auto const c = GENERATE_COPY(values<Case>({
        {"first the question", real, {}, "asks https://api.telegram.org/bot" + token + "/getFile?file_id=AgAC%2Fx"},
        {"a slash at the end of the address", real + "/", {}, "asks https://api.telegram.org/bot" + token + "/getFile?file_id=AgAC%2Fx"},
        {"the link", real, {found("photos/file_0.jpg")}, file + "photos/file_0.jpg api.telegram.org 1234"},
        {"the link on this machine", "http://127.0.0.1:8081", {found("photos/file_0.jpg")},
         "link http://127.0.0.1:8081/file/bot" + token + "/photos/file_0.jpg here 127.0.0.1 1234"},
        {"a name with everything", real, {found("documents/a b#c?.pdf")}, file + "documents/a%20b%23c%3F.pdf api.telegram.org 1234"},
        {"a path that climbs", real, {found("photos/../../bot1:x/getMe")}, "no unreadable"},
        {"a path on the server's own disk", real, {found("/var/lib/telegram-bot-api/x.jpg")}, "no unreadable"},
        {"no path", real, {found("")}, "no unreadable"},
        {"another's answer", real, {{200, {}, "<html>"}}, "no unreadable"},
        {"too big for Telegram", real, {refused(400, "Bad Request: file is too big")}, "no too_big"},
        {"not there", real, {refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")}, "no busy"},
        {"no file of this bot", real, {refused(400, "Bad Request: invalid file_id")}, "no gone"},
        {"too fast", real, {refused(429, "Too Many Requests: retry after 5")}, "no busy"},
        {"an internal problem", real, {refused(500, "Internal Server Error")}, "no busy"},
        {"a proxy", real, {{403, {}, "<html>"}}, "no unreadable"},
        {"the token is refused", real, {refused(401, "Unauthorized")}, "no credentials"},
    }));
    INFO(c.label);
    CHECK(told(account(c.api_base), c.so_far) == c.told);
}

TEST_CASE("Telegram: a file is asked for with the second token when the first is refused")
{
    auto const own = account("https://api.telegram.org", {"7100200300:AANew", token});
    std::vector<HttpResponse> so_far{refused(401, "Unauthorized")};
    CHECK(told(own, so_far) == "asks https://api.telegram.org/bot" + token + "/getFile?file_id=AgAC%2Fx");
    so_far.push_back(found("a/b"));
    CHECK(told(own, so_far) == "link https://api.telegram.org/file/bot" + token + "/a/b api.telegram.org 1234");
    CHECK(told(account("https://api.telegram.org", {}), {}) == "no credentials");
    CHECK(told(own, {}, "") == "no unsupported");
}
