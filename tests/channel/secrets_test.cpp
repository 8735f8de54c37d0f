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
    account.secrets = {{"access_token", {"EAAGtoken", "EAAGtokenOld"}}, {"app_secret", {"s3cr3t/+x"}}, {"pin", {"1234"}}};
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
        {"too short to be one", Unknown{"error 1234", {}}, "error 1234||"},
        {"an id stays what it is", Accepted{{"EAAGtoken"}, {}}, "EAAGtoken"},
    }));
    INFO(c.label);
    CHECK(words_of(channel::without_secrets(c.outcome, account.secrets)) == c.words);
}
