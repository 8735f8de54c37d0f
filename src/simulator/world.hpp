#pragma once

#include "account_state.hpp"
#include "book.hpp"
#include "feed.hpp"
#include "hooks.hpp"
#include "ledger.hpp"
#include "limits.hpp"
#include "media_faults.hpp"
#include "mishap.hpp"
#include "templates.hpp"

#include "deskbridge/simulator/simulator.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace deskbridge::simulator {

/// How badly the provider tells what became of messages; each is a probability for one message, `foreign` for one status.
struct ReceiptChaos {
    double lost{0};     ///< nothing is ever told of it
    double reversed{0}; ///< a status is told after the one that follows it
    double foreign{0};  ///< besides, a status is told of a message that nobody sent
    Dice dice{1};
    std::set<std::string> silent{};              ///< messages of which nothing is told
    std::map<std::string, Update> held_back{};   ///< by message: what is told after its next status
};

/// A number that is played, and how the provider has it.
struct NumberState {
    BusinessNumber own; ///< with everything filled in
    AccountState account{};
    Bucket throughput;
    [[nodiscard]] Number number() const { return {own.phone_number_id, own.waba_id, own.display_phone_number}; }
};

/// What all parts of one running simulator share. Built by Simulator, in this order.
/// Threads: the reactor.
struct World {
    World(boost::asio::io_context& io, Options options, async::Clock& clock, Log& log);

    /// The provider's own time: the clock and what the control API has added to it.
    [[nodiscard]] Timestamp now() const { return clock.now() + book.clock_offset(); }
    [[nodiscard]] std::filesystem::path media_path(std::string_view id) const;
    /// Keeps a file for `life`, and answers what is known about it. Errors: storage.
    [[nodiscard]] Result<Media> keep_media(std::string mime_type, std::string name, std::string_view bytes,
                                           std::chrono::hours life, std::string const& number = {});
    /// Null: it plays none of this id.
    [[nodiscard]] NumberState* find_number(std::string_view phone_number_id);
    /// Of a message, a group: the first one, if the number is played no more.
    [[nodiscard]] NumberState& number_of(std::string const& phone_number_id);
    /// Which an order means by `number`; the first one if it names none. Errors: not_found.
    [[nodiscard]] Result<NumberState*> number_in(Json const& order);
    /// How the business sees a customer from this number.
    [[nodiscard]] Person seen_by(NumberState const& number, Person const& customer) const;
    /// Emits news about a customer; as `standby` where another app has the conversation.
    void tell(Person const& about, Update update);
    /// The templates of a number's account.
    [[nodiscard]] TemplateBook& templates_of(NumberState const& number) { return templates[number.own.waba_id]; }
    /// What a message says of itself while this template keeps it back: the same in every run.
    [[nodiscard]] static std::string held_by(NumberState const& number, Template const& one);
    /// Of the number's portfolio.
    [[nodiscard]] Reach& reach_of(NumberState const& number) { return reaches[number.own.portfolio]; }
    /// Between this number and a customer, or a group.
    [[nodiscard]] Bucket& pair_bucket_of(std::string const& phone_number_id, std::string const& recipient_id);
    [[nodiscard]] bool healthy() const noexcept { return book.healthy() && ledger.healthy(); }

    boost::asio::io_context& io;
    Options options;
    async::Clock& clock;
    Log& log;
    std::deque<NumberState> numbers; ///< never empty
    Ledger ledger;
    Book book;
    async::TaskGroup tasks;
    net::HttpClient http;
    Feed feed;
    Chaos chaos{};
    Hooks hooks;
    Mishaps mishaps;
    ReceiptChaos receipts{};
    MediaFaults media_faults;
    std::map<std::string, TemplateBook> templates{}; ///< by WABA
    std::map<std::string, Reach> reaches{}; ///< by portfolio
    std::map<std::pair<std::string, std::string>, Bucket> pairs;
    std::map<std::pair<std::string, std::string>, int> quota_used{}; ///< free service messages, by number and month
    std::map<std::string, Timestamp> typing; ///< by customer: until when the business is writing
    std::string public_base;                 ///< "http://127.0.0.1:9100", once listening
    boost::asio::steady_timer closing;       ///< never expires; cancelled when the simulator stops
    bool stopping{false};
};

} // namespace deskbridge::simulator
