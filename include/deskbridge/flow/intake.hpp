#pragma once

#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/http.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/flow/effects.hpp"
#include "deskbridge/flow/refusals.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/shelf.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace deskbridge::flow {

struct Tally;

/// The largest webhook that is read. Source: WhatsApp Cloud API, "Webhooks": payloads are up to 3 MB (2025-11).
inline constexpr std::size_t max_webhook_bytes = 4u << 20;

/// What hooks and health checks answer.
[[nodiscard]] HttpResponse plain_text(int status, std::string body = {});

/// From a webhook to its durable effects: what was answered 200 is never lost, and takes effect once.
///
/// Ownership: everything in `Parts` outlives it. Threads: the reactor; effects run on the store's writer thread.
class Intake {
public:
    struct Parts {
        store::Store& store;
        Surroundings around;
        Log& log;
        Metrics& metrics;
        std::function<void()> on_queued;               ///< the outbox has something new
        std::function<void(Timestamp)> on_timer;       ///< an acknowledgement will be due then
        std::function<void(Slowed const&)> on_slowed{}; ///< a receipt says that it is sent too fast
    };
    explicit Intake(Parts parts);
    ~Intake();

    /// Judges a webhook by its head alone, before its body is read: an answer refuses it (404 unknown hook, 403 the hook wants a
    /// certificate with another name than `client_names`, 401 no plausible signature).
    [[nodiscard]] std::optional<HttpResponse> refuse_head(std::string_view hook, HttpRequest const& head,
                                                          std::span<std::string const> client_names = {}) const;

    /// A webhook or the channel's handshake.
    ///
    /// 200: durable, or known already, or on the shelf. 401: not authentic, nothing stored. 404: no such hook, or no
    /// handshake. 503 with Retry-After: too much to do. 500: the store could not. The provider retries what is not 200.
    [[nodiscard]] boost::asio::awaitable<HttpResponse> receive(std::string_view hook, HttpRequest raw, Timestamp now);

    /// A webhook of this hook was refused before it came to `receive`; empty: it may have been for any of them.
    void note_unheard(std::string_view hook, Timestamp now) noexcept;
    /// Those, and what it could not store itself. Lives as long as the intake.
    [[nodiscard]] Refusals const& refusals() const noexcept { return refusals_; }

    using Replayed = store::Replayed;
    /// Interprets a journalled body again, shelved or not, after a fix or a change of configuration; idempotent. What takes
    /// effect now resolves its shelf entry. A dry run undoes everything and tells what it would have been.
    /// Errors: not_found (no such body, it was dropped, or its hook is gone), those of the store.
    [[nodiscard]] boost::asio::awaitable<Result<Replayed>> replay(store::ReplayWish const& wish);

    [[nodiscard]] bool knows(std::string_view hook) const noexcept { return hooks_.contains(hook); }

private:
    struct HookEntry {
        channel::Hook hook;
        channel::Adapter const* adapter{nullptr};
        std::string client_certificate; ///< see AccountContext; equal for all accounts of a hook
        std::vector<channel::AccountContext const*> accounts;
    };
    struct Figures;
    [[nodiscard]] HttpResponse refuse(std::string_view hook, int status, std::string_view outcome) const;
    [[nodiscard]] HttpResponse answer_handshake(HookEntry const& entry, HttpRequest const& request) const;
    [[nodiscard]] boost::asio::awaitable<HttpResponse> store_events(HookEntry const& entry, HttpRequest const& request,
                                                                    Result<channel::Intake>& parsed, Timestamp now);
    [[nodiscard]] HttpResponse refuse_store(HookEntry const& entry, Error const& error, Timestamp now);
    [[nodiscard]] boost::asio::awaitable<Result<Replayed>> interpret_again(store::JournalRow& row, store::ReplayWish const& wish);
    [[nodiscard]] boost::asio::awaitable<Result<Replayed>> still_unreadable();
    void report(HookEntry const& entry, Tally const& tally) const;
    void report_receipts(Tally const& tally) const;

    Parts parts_;
    std::unique_ptr<Figures> figures_;
    Refusals refusals_;
    std::map<std::string, HookEntry, std::less<>> hooks_;
};

} // namespace deskbridge::flow
