#pragma once

#include "send_rules.hpp"
#include "statuses.hpp"
#include "world.hpp"

#include "deskbridge/net/http_server.hpp"

#include <deque>

namespace deskbridge::simulator {

/// The provider's server as clients see it: messages, media, templates, the number's health.
/// Source: Meta, WhatsApp Cloud API reference, read 2026-10.
/// Threads: the reactor.
class GraphApi {
public:
    GraphApi(World& world, Statuses& statuses) : world_{world}, statuses_{statuses} {}
    void add_routes(std::vector<net::Route>& routes);

private:
    /// A send that was judged: the answer, and what the ledger says about it.
    struct Judged {
        HttpResponse response;
        std::optional<int> code{};
        std::string message_id{};
    };

    [[nodiscard]] boost::asio::awaitable<net::Reply> post_messages(net::Request& request);
    [[nodiscard]] boost::asio::awaitable<net::Reply> strike(Mishap const& mishap, HttpResponse otherwise);
    /// Where a message goes; neither: nowhere that the provider knows.
    struct Chat {
        Customer const* customer{nullptr};
        Group const* group{nullptr};
        [[nodiscard]] std::string const* id() const { return customer ? &customer->id : group ? &group->id : nullptr; }
    };
    [[nodiscard]] Judged take(net::Request const& request);
    [[nodiscard]] Judged take_message(NumberState& number, SendRequest const& send);
    [[nodiscard]] Judged take_mark(NumberState const& number, MarkRead const& mark);
    [[nodiscard]] Chat chat_of(NumberState const& number, Recipient const& recipient) const;
    [[nodiscard]] SendFacts facts_of(NumberState const& number, SendRequest const& send, Chat const& chat);
    void find_media_faults(NumberState const& number, SendRequest const& send, SendFacts& facts) const;
    [[nodiscard]] Json price_now(NumberState const& number, SendRequest const& send, Chat const& chat);
    void keep_message(NumberState const& number, Chat const& chat, Message message);
    void write_row(net::Request const& request, Judged const& judged, std::optional<Mishap> const& mishap);

    /// Version, token, state folder: what every call must pass.
    [[nodiscard]] std::optional<GraphError> check_call(net::Request const& request) const;
    [[nodiscard]] static bool bears_token(net::Request const& request, NumberState const& number);
    [[nodiscard]] bool bears_any_token(net::Request const& request) const;
    /// The number that the path names, or one of the account that it names; a refusal if the token does not open it.
    [[nodiscard]] std::variant<GraphError, NumberState*> number_in(net::Request const& request);
    [[nodiscard]] std::variant<GraphError, NumberState*> account_in(net::Request const& request);
    [[nodiscard]] std::optional<GraphError> count_managing(std::string const& waba_id);
    /// A proof that is wrong is refused whether it is demanded or not.
    [[nodiscard]] std::optional<GraphError> check_proof(net::Request const& request) const;
    /// Kept back until its template's quality is known.
    [[nodiscard]] bool is_held(NumberState const& number, SendRequest const& send) const;
    [[nodiscard]] HttpResponse get_object(net::Request const& request);
    [[nodiscard]] HttpResponse media_object(Media const& media);
    [[nodiscard]] HttpResponse list_templates(net::Request const& request);
    [[nodiscard]] HttpResponse number_object(NumberState const& number, net::Request const& request);
    [[nodiscard]] HttpResponse delete_object(net::Request const& request);
    [[nodiscard]] HttpResponse blocked_users(net::Request const& request);
    [[nodiscard]] HttpResponse change_blocked(net::Request const& request, bool block);
    [[nodiscard]] HttpResponse token_object(net::Request const& request);
    [[nodiscard]] HttpResponse subscribed_apps(net::Request const& request);
    [[nodiscard]] HttpResponse app_subscriptions(net::Request const& request);
    [[nodiscard]] HttpResponse subscribe_app(net::Request const& request);
    /// An upload that was judged.
    struct Upload {
        HttpResponse response;
        std::optional<int> code{};
        Media media{};
    };
    [[nodiscard]] boost::asio::awaitable<net::Reply> upload_media(net::Request& request);
    [[nodiscard]] Upload take_upload(net::Request const& request, std::chrono::hours life);
    [[nodiscard]] net::Reply download_media(net::Request const& request, bool behind_redirect);
    [[nodiscard]] std::optional<HttpResponse> refuse_download(net::Request const& request, bool behind_redirect) const;

    struct Ticket {
        std::string media_id;
        Timestamp until;
    };
    World& world_;
    Statuses& statuses_;
    std::map<std::string, Ticket> downloads_; ///< by the token in the URL
    std::map<std::string, std::deque<Timestamp>> managed_; ///< by WABA: calls about it within the last hour
};

} // namespace deskbridge::simulator
