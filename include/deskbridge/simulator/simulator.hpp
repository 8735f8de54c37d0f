#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace deskbridge::simulator {

/// A further number of the business, of the same account or of another one. What is empty is as with the first number.
struct BusinessNumber {
    std::string phone_number_id;         ///< must be set
    std::string display_phone_number;    ///< must be set; digits only
    std::string waba_id{};
    std::string business_name{};
    std::string portfolio{};             ///< customers have other business-scoped ids in another one
    std::string hook_url{};
    std::string app_secret{};            ///< numbers with the same hook and secrets share webhooks
    std::string verify_token{};
    std::string access_token{};          ///< a token of one number opens nothing of another one that has its own
};

/// What one simulated business is like. `state_dir` must be set, and `app_secret` and `access_token` (WhatsApp's half), or
/// `telegram_token` (Telegram's), or all three.
struct Options {
    std::string listen{"127.0.0.1:9100"};
    std::filesystem::path state_dir{};   ///< created if missing; a later run goes on from it
    std::string hook_url{};              ///< where webhooks go; empty: they wait until /sim/hook names one
    std::string app_secret{};            ///< signs webhooks
    std::string verify_token{};          ///< shown in the GET handshake; empty: no handshake
    std::string access_token{};          ///< what clients must bear
    std::string phone_number_id{"700100200300400"};
    std::string waba_id{"880011223344556"};
    std::string display_phone_number{"49301234567"}; ///< digits only
    std::string business_name{"Parcel Desk"};
    std::vector<BusinessNumber> further_numbers{};
    std::filesystem::path hook_ca_file{};     ///< who may have signed the hook's certificate; empty: whom the system trusts
    std::filesystem::path hook_certificate{}; ///< shown to hooks that ask for one, with `hook_key`; empty: none
    std::filesystem::path hook_key{};
    std::string telegram_token{};        ///< the bot's: "<digits>:<word>"; empty: no bot
    std::string telegram_username{"parcel_desk_bot"};
    int telegram_per_second{30};         ///< what the bot may send; more is refused with 429
    double time_scale{1.0};              ///< webhook retries wait 1/time_scale of the provider's times; > 0
    bool fsync{false};                   ///< sync ledger and chats after every line: survives power loss too
    bool refuse_closed_window{false};    ///< 131047 at once with 400 instead of 200 and a failed status later
    bool refuse_unknown_media{false};    ///< an unknown media id: 100 at once with 400 instead of 200 and a failed status later
    bool edits_unsupported{false};       ///< edits arrive as `unsupported`, as on numbers without the phone app
    bool raw_utf8{false};                ///< bodies in plain UTF-8 instead of \uXXXX and \/
    bool sample_customers{true};         ///< three customers in a fresh state_dir, so that the page has someone to play
    int messages_per_second{80};         ///< throughput of a number, outgoing
    int free_service_messages{1000};     ///< of a number and month that cost nothing
    std::chrono::milliseconds sent_after{150};      ///< from accepting a message to its `sent`
    std::chrono::milliseconds delivered_after{450}; ///< from `sent` to `delivered`, if the phone is on
    std::chrono::milliseconds hook_timeout{10000};  ///< longest wait for one webhook's answer
};

/// A stand-in for WhatsApp's Cloud API: the Graph endpoints for messages and media, signed webhooks with retries,
/// a control API under /sim/ and a phone page at /; and for Telegram's Bot API server, below /telegram.
///
/// Its rules and its ledger are its own: it shares only HTTP transport with the daemon it tests.
/// Ownership: owns its server, client and tasks; `io`, `clock` and `log` must outlive it. Await `stop()` before
/// destroying a started simulator.
/// Threads: the reactor.
class Simulator {
public:
    Simulator(boost::asio::io_context& io, Options options, async::Clock& clock, Log& log);
    ~Simulator();
    Simulator(Simulator const&) = delete;
    Simulator& operator=(Simulator const&) = delete;

    /// Reads the state folder, takes up unfinished webhooks and statuses, and listens. Answers the port bound.
    /// Errors: malformed (an option), storage (the state folder), conflict (address in use).
    [[nodiscard]] Result<std::uint16_t> start();
    /// Stops listening and posting; what is unfinished stays in the state folder.
    [[nodiscard]] boost::asio::awaitable<void> stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace deskbridge::simulator
