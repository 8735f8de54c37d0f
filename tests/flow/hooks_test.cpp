#include "world.hpp"

#include "deskbridge/channel/digest.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

using nlohmann::json;

constexpr auto abroad = "700100200300888";

/// Another owner's number, behind a hook of its own.
void add_abroad(World& world)
{
    auto context = std::make_unique<channel::AccountContext>(*world.accounts.front());
    context->hook = "abroad";
    context->account.name = "abroad";
    context->account.settings["phone_number_id"] = abroad;
    context->account.secrets["app_secret"] = {"another-secret"};
    context->adapter->identify(context->account);
    context->policy.name = "abroad";
    world.accounts.push_back(std::move(context));
}

HttpRequest message_to(World& world, std::string const& number, std::string const& secret)
{
    auto message = message_of(mara, "wamid.1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    auto request = world.sign(webhook({messages_change({number}, mara, json::array({message}))}));
    request.headers.set("X-Hub-Signature-256", "sha256=" + channel::hmac_sha256_hex(secret, request.body));
    return request;
}

std::string message_accounts(World& world)
{
    return world.store.read([](store::Reading& reading) {
        auto q = reading.prepare("SELECT a.name FROM message m JOIN account a ON a.account_id = m.account_id ORDER BY m.message_id");
        std::string out;
        while (q.step())
            out += (out.empty() ? "" : " ") + q.text(0);
        return out;
    });
}

} // namespace

TEST_CASE("hooks: each opens to the secrets of its own accounts, and only they are behind it")
{
    struct Case {
        std::string label;
        std::string hook;
        std::string number;
        std::string secret;
        int status;
        std::string filed; ///< the account of the message
        int shelved;
    };
    auto const c = GENERATE(values<Case>({
        {"right", "abroad", abroad, "another-secret", 200, "abroad", 0},
        {"another hook's secret", "abroad", abroad, "", 401, "", 0},
        {"that one's number there", "meta", abroad, "another-secret", 401, "", 0},
        {"a number that is behind another hook", "abroad", "700100200300400", "another-secret", 200, "", 1},
        {"the same the other way round", "meta", abroad, "", 200, "", 1},
        {"a number that nobody has", "abroad", "700100200300999", "another-secret", 200, "", 1},
        {"two numbers behind one hook", "meta", "700100200300499", "", 200, "sales", 0},
    }));
    INFO(c.label);
    World world;
    add_abroad(world);
    auto const secret = c.secret.empty() ? world.account().account.secrets.at("app_secret").front() : c.secret;
    CHECK(world.deliver(message_to(world, c.number, secret), c.hook).status == c.status);
    CHECK(message_accounts(world) == c.filed);
    CHECK(world.number_of("SELECT count(*) FROM shelf WHERE reason = 'unknown_account'") == c.shelved);
    CHECK(world.number_of("SELECT count(*) FROM shelf") == c.shelved);
}
