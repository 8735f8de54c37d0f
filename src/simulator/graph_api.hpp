#pragma once

#include "send_rules.hpp"
#include "statuses.hpp"
#include "world.hpp"

#include "deskbridge/net/http_server.hpp"

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
    [[nodiscard]] Judged take(net::Request const& request);
    [[nodiscard]] Judged take_message(SendRequest const& send);
    [[nodiscard]] Judged take_mark(MarkRead const& mark);
    [[nodiscard]] SendFacts facts_of(SendRequest const& send, Customer const* customer);
    void keep_message(Customer const& customer, SendRequest const& send, Taken const& taken, std::string const& id);
    void write_row(net::Request const& request, Judged const& judged, std::optional<Mishap> const& mishap);

    /// Version, token, state folder: what every call must pass.
    [[nodiscard]] std::optional<GraphError> check_call(net::Request const& request) const;
    [[nodiscard]] bool bears_token(net::Request const& request) const;
    /// A proof that is wrong is refused whether it is demanded or not.
    [[nodiscard]] std::optional<GraphError> check_proof(net::Request const& request) const;
    [[nodiscard]] HttpResponse get_object(net::Request const& request);
    [[nodiscard]] HttpResponse media_object(Media const& media);
    [[nodiscard]] HttpResponse list_templates(net::Request const& request);
    [[nodiscard]] HttpResponse number_object(net::Request const& request);
    [[nodiscard]] HttpResponse token_object(net::Request const& request);
    [[nodiscard]] HttpResponse subscribed_apps(net::Request const& request);
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
};

} // namespace deskbridge::simulator
