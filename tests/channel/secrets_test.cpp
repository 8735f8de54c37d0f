#include "deskbridge/channel/adapter.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

std::string words_of(Outcome const& outcome)
{
    return std::visit(
        [](auto const& told) {
            if constexpr (requires { told.why; })
                return told.why + "|" + told.error.title + "|" + told.error.detail;
            else
                return told.id.value;
        },
        outcome);
}

} // namespace

TEST_CASE("an outcome's words do not quote the account's secrets")
{
    channel::Account account;
    account.secrets = {{"access_token", {"EAAGtoken", "EAAGtokenOld"}},
                       {"app_secret", {"s3cr3t/+x"}},
                       {"bot_token", {"7100200300:AAbotTokenCanary-1234"}},
                       {"pin", {"1234"}}};
    struct Case {
        std::string label;
        Outcome outcome;
        std::string words;
    };
    auto const c = GENERATE(values<Case>({
        {"nothing to conceal", Refused{"Too long.", {}, {100, "Invalid", "text"}}, "Too long.|Invalid|text"},
        {"in the reason", Refused{"Malformed access token EAAGtoken!", {}, {}}, "Malformed access token [secret]!||"},
        {"in the provider's words", NotSent{"No.", {}, {}, {1, "EAAGtoken", "Bearer EAAGtoken EAAGtoken"}}, "No.|[secret]|Bearer [secret] [secret]"},
        {"one that begins like another", Unknown{"EAAGtokenOld", {}}, "[secret]||"},
        {"another kind of secret", Unknown{"", {190, "s3cr3t/+x", ""}}, "|[secret]|"},
        {"in a URL", Unknown{"bad request to /bot7100200300%3AAAbotTokenCanary-1234/getMe", {}}, "bad request to /bot[secret]/getMe||"},
        {"in a URL, in small letters", Unknown{"?secret=s3cr3t%2f%2bx&a", {}}, "?secret=[secret]&a||"},
        {"its beginning", Unknown{"Malformed token 7100200300:AAbot...", {}}, "Malformed token [secret]...||"},
        {"its end", Unknown{"Malformed token ...nCanary-1234", {}}, "Malformed token ...[secret]||"},
        {"too little of it", Unknown{"bot 7100200300", {}}, "bot 7100200300||"},
        {"one beside the other", Unknown{"EAAGtoken7100200300:AAbotTokenCanary-1234", {}}, "[secret]||"},
        {"too short to be one", Unknown{"error 1234", {}}, "error 1234||"},
        {"an id stays what it is", Accepted{{"EAAGtoken"}, {}}, "EAAGtoken"},
    }));
    INFO(c.label);
    CHECK(words_of(channel::without_secrets(c.outcome, account.secrets)) == c.words);
}
