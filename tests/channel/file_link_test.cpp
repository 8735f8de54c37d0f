#include "deskbridge/channel/file_link.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

/// Files go as links signed with "key", or as bytes.
class LinkAdapter final : public channel::Adapter {
public:
    explicit LinkAdapter(std::string key) : key_{std::move(key)} {}
    std::string_view name() const noexcept override { return "link"; }
    channel::Capabilities capabilities(channel::Account const&) const override
    {
        channel::Capabilities can;
        can.links_signed_with = key_;
        return can;
    }
    std::vector<channel::Setting> settings() const override { return {}; }
    void identify(channel::Account&) const override {}
    std::optional<HttpResponse> handshake(channel::Hook const&, HttpRequest const&) const override { return std::nullopt; }
    bool plausible(HttpRequest const&) const override { return true; }
    bool authentic(channel::Hook const&, HttpRequest const&, Timestamp) const override { return true; }
    Result<channel::Intake> parse(channel::Hook const&, channel::VerifiedWebhook const&, Timestamp) const override { return channel::Intake{}; }
    std::vector<OutboundContent> plan(OutboundContent const& content, channel::Capabilities const&) const override { return {content}; }
    channel::SendStep next(channel::Account const&, channel::Delivery const&, std::span<HttpResponse const>) const override
    {
        return Outcome{Unknown{}};
    }
    std::optional<HttpRequest> read_mark(channel::Account const&, ExternalMessageId const&, bool) const override { return std::nullopt; }
    std::optional<HttpRequest> media_request(channel::Account const&, MediaReference const&) const override { return std::nullopt; }

private:
    std::string key_;
};

LinkAdapter const by_link{"key"};
LinkAdapter const by_bytes{""};
auto const now = from_ms(1795267300123);

/// Accounts 3 and 4, with secrets of their own.
channel::AccountContexts accounts()
{
    channel::AccountContexts out;
    for (auto const id : {3, 4}) {
        auto& context = *out.emplace_back(std::make_unique<channel::AccountContext>());
        context.id = {id};
        context.adapter = &by_link;
        context.public_url = "https://desk.test";
        context.account.secrets = {{"key", {"secret of " + std::to_string(id)}}};
    }
    return out;
}

std::string token_of(channel::AccountContext const& account)
{
    auto const link = channel::link_to(account, 71, now);
    REQUIRE(link.has_value());
    REQUIRE(link->url.starts_with("https://desk.test/files/3.71.1795353700."));
    return link->url.substr(link->url.rfind('/') + 1);
}

} // namespace

TEST_CASE("file links: one says which file of which account, and until when")
{
    auto const all = accounts();
    auto const link = channel::link_to(*all.front(), 71, now);
    REQUIRE(link.has_value());
    CHECK(link->ends_at == from_ms(1795267300000) + 24h);
    auto const read = channel::read_link(all, token_of(*all.front()));
    REQUIRE(read.has_value());
    CHECK(*read == channel::LinkedFile{{3}, 71, link->ends_at});
}

TEST_CASE("file links: what is changed anywhere is none")
{
    auto const all = accounts();
    auto const token = token_of(*all.front());
    for (std::size_t at = 0; at < token.size(); ++at) {
        auto changed = token;
        changed[at] = changed[at] == '1' ? '2' : '1';
        INFO(changed);
        CHECK_FALSE(channel::read_link(all, changed).has_value());
        CHECK_FALSE(channel::read_link(all, token.substr(0, at)).has_value());
    }
    auto const proof = token.substr(token.rfind('.'));
    for (auto const* claim : {"4.71.1795353700", "3.72.1795353700", "3.71.1795353701", "03.71.1795353700", "+3.71.1795353700", "3.71.1795353700.",
                              "3.71", "3.71.-1", "3.71.99999999999999999", "", "..", "3.71.1795353700.1"})
        CHECK_FALSE(channel::read_link(all, claim + proof).has_value());
    CHECK_FALSE(channel::read_link(all, token + "0").has_value());
    CHECK_FALSE(channel::read_link(all, std::string(5000, '3')).has_value());
}

TEST_CASE("file links: they hold while the secret is named, and for no account whose files go otherwise")
{
    auto all = accounts();
    auto const token = token_of(*all.front());
    auto& secrets = all.front()->account.secrets.at("key");
    secrets = {"a new one", "secret of 3"};
    CHECK(channel::read_link(all, token).has_value());
    CHECK(token_of(*all.front()) != token);
    secrets = {"a new one"};
    CHECK_FALSE(channel::read_link(all, token).has_value());
    secrets = {"secret of 3"};
    CHECK(channel::read_link(all, token).has_value());
    all.front()->adapter = &by_bytes;
    CHECK_FALSE(channel::read_link(all, token).has_value());
    CHECK_FALSE(channel::link_to(*all.front(), 71, now).has_value());
    all.front()->adapter = &by_link;
    secrets.clear();
    CHECK_FALSE(channel::read_link(all, token).has_value());
    CHECK_FALSE(channel::link_to(*all.front(), 71, now).has_value());
    all.erase(all.begin());
    CHECK_FALSE(channel::read_link(all, token).has_value());
}
