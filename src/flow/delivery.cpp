#include "delivery.hpp"

#include "deskbridge/store/account.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace deskbridge::flow {
namespace {

using channel::AccountContext;

bool is_unreadable(InboundEvent const& event)
{
    auto const* notice = std::get_if<ChannelNotice>(&event.body);
    return notice && notice->kind == channel::unreadable_notice;
}

/// What reading the body again needs of its head.
std::string kept_headers(HttpRequest const& request)
{
    auto kept = nlohmann::json::object();
    if (auto const type = request.headers.find("Content-Type"))
        kept["Content-Type"] = std::string{*type};
    return kept.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

JournalId write_journal(store::Tx& tx, Delivery const& delivery)
{
    auto const headers = kept_headers(delivery.request);
    store::NewJournal entry;
    entry.hook = delivery.hook;
    entry.received_at = delivery.received_at;
    entry.body = delivery.request.body;
    entry.digest = delivery.digest;
    entry.headers = headers;
    return store::add_journal(tx, entry);
}

/// One body's events, one after the other.
class Taking {
public:
    Taking(store::Tx& tx, Surroundings const& around, Delivery const& delivery, JournalId journal)
        : tx_{tx}, around_{around}, delivery_{delivery}, journal_{journal}
    {
    }

    void take(InboundEvent const& event)
    {
        auto const* account = account_of(delivery_.accounts, event);
        if (!account) {
            shelve(event, {}, store::ShelfReason::unknown_account, "no account with this number");
            return;
        }
        auto const kind = kind_of(event.body);
        if (!store::claim_event(tx_, {account->id, event.key, kind}, journal_, delivery_.received_at)) {
            ++tally.known;
            return;
        }
        if (is_unreadable(event)) {
            store::set_event_shelved(tx_, account->id, event.key, true);
            shelve(event, account->id, store::ShelfReason::unreadable, "a part that cannot be read");
            store::note_intake_refusal(tx_, account->id, delivery_.received_at);
            return;
        }
        auto const done = apply(*account, event);
        if (done)
            return;
        store::note_intake_refusal(tx_, account->id, delivery_.received_at); // it may have been a receipt
        store::set_event_shelved(tx_, account->id, event.key, true);
        shelve(event, account->id, store::ShelfReason::effect_failed, done.error().detail);
    }

    [[nodiscard]] Result<void> apply(AccountContext const& account, InboundEvent const& event)
    {
        Applied applied;
        Received const received{delivery_.received_at, journal_, event.key, reading_of(event)};
        auto const done = tx_.nested([&](store::Tx& tx) { applied = apply_event(tx, around_, account, event, received); });
        if (done)
            tally.add(kind_of(event.body), applied);
        return done;
    }

    Tally tally;

private:
    /// @param event  one of the delivery's own
    [[nodiscard]] TextReading const* reading_of(InboundEvent const& event) const
    {
        auto const place = static_cast<std::size_t>(&event - delivery_.events.data());
        return place < delivery_.readings.size() && delivery_.readings[place] ? &*delivery_.readings[place] : nullptr;
    }
    void shelve(InboundEvent const& event, AccountId account, store::ShelfReason reason, std::string_view detail)
    {
        store::put_on_shelf(tx_, {journal_, account, event.key, reason, detail, delivery_.received_at});
        ++tally.shelved[std::string{render_shelf_reason(reason)}];
    }

    store::Tx& tx_;
    Surroundings const& around_;
    Delivery const& delivery_;
    JournalId journal_;
};

/// What there is to tell of a body that would change nothing; nullopt: it would.
std::optional<Tally> known_before(store::Tx& tx, Delivery const& delivery)
{
    Tally tally;
    tally.known = static_cast<int>(delivery.events.size());
    bool foreign = false;
    for (auto const& event : delivery.events) {
        auto const* account = account_of(delivery.accounts, event);
        foreign = foreign || !account;
        if (account && !store::event_known(tx, account->id, event.key))
            return std::nullopt;
    }
    if (!foreign)
        return tally;
    auto const shelved = store::find_shelved_body(tx, delivery.hook, delivery.digest);
    if (shelved == store::ShelvedBody::none)
        return std::nullopt;
    tally.dropped = shelved == store::ShelvedBody::dropped;
    return tally;
}

/// Takes an event off the shelf, or lets it take effect if it never did.
void take_one_again(store::Tx& tx, Taking& taking, AccountContext const* account, InboundEvent const& event)
{
    if (!account || is_unreadable(event)) {
        ++taking.tally.shelved[account ? "unreadable" : "unknown_account"];
        return;
    }
    if (!store::event_known(tx, account->id, event.key)) {
        taking.take(event);
        return;
    }
    if (!store::event_shelved(tx, account->id, event.key)) {
        ++taking.tally.known;
        return;
    }
    if (!taking.apply(*account, event)) {
        ++taking.tally.shelved["effect_failed"];
        return;
    }
    store::set_event_shelved(tx, account->id, event.key, false);
}

} // namespace

void Tally::add(std::string_view kind, Applied const& applied)
{
    ++fresh;
    ++kinds[std::string{kind}];
    for (auto const& rule : applied.placed)
        ++rules[rule];
    for (auto const& reason : applied.withheld)
        ++withheld[reason];
    for (auto const& cost : applied.priced)
        ++priced[cost];
    receipt_delays.insert(receipt_delays.end(), applied.receipt_delays.begin(), applied.receipt_delays.end());
    paused.insert(paused.end(), applied.paused.begin(), applied.paused.end());
    slowed.insert(slowed.end(), applied.slowed.begin(), applied.slowed.end());
    duplicated.insert(duplicated.end(), applied.duplicated.begin(), applied.duplicated.end());
    proven += applied.proven;
    failures.insert(failures.end(), applied.failures.begin(), applied.failures.end());
    if (applied.refused > 0)
        shelved[std::string{render_shelf_reason(store::ShelfReason::effect_failed)}] += applied.refused;
    opened += applied.opened;
    reopened += applied.reopened;
    queued = queued || applied.queued;
    if (applied.timer_due)
        timer_due = timer_due ? std::min(*timer_due, *applied.timer_due) : applied.timer_due;
}

int Tally::on_shelf() const
{
    int count = 0;
    for (auto const& [reason, n] : shelved)
        count += n;
    return count;
}

Tally take_events(store::Tx& tx, Surroundings const& around, Delivery const& delivery)
{
    if (auto known = known_before(tx, delivery))
        return std::move(*known);
    Taking taking{tx, around, delivery, write_journal(tx, delivery)};
    for (auto const& event : delivery.events)
        taking.take(event);
    return std::move(taking.tally);
}

Tally take_uninterpreted(store::Tx& tx, Delivery const& delivery, Error const& why)
{
    Tally tally;
    if (auto const shelved = store::find_shelved_body(tx, delivery.hook, delivery.digest); shelved != store::ShelvedBody::none) {
        tally.known = 1;
        tally.dropped = shelved == store::ShelvedBody::dropped;
        return tally;
    }
    auto const journal = write_journal(tx, delivery);
    auto const reason = why.fault == Fault::not_found ? store::ShelfReason::foreign_object : store::ShelfReason::unreadable;
    store::put_on_shelf(tx, {journal, {}, {}, reason, why.detail, delivery.received_at});
    for (auto const* account : delivery.accounts)
        if (reason == store::ShelfReason::unreadable)
            store::note_intake_refusal(tx, account->id, delivery.received_at);
    ++tally.shelved[std::string{render_shelf_reason(reason)}];
    return tally;
}

Tally take_again(store::Tx& tx, Surroundings const& around, Delivery const& delivery, JournalId journal, Actor by)
{
    Taking taking{tx, around, delivery, journal};
    for (auto const& event : delivery.events)
        take_one_again(tx, taking, account_of(delivery.accounts, event), event);
    for (auto const& entry : store::load_open_shelf(tx, journal)) {
        auto const same = [&entry](InboundEvent const& event) { return event.key == entry.event_key; };
        auto const event = std::find_if(delivery.events.begin(), delivery.events.end(), same);
        auto const* account = event == delivery.events.end() ? nullptr : account_of(delivery.accounts, *event);
        bool const whole_body = entry.event_key.empty() && taking.tally.on_shelf() == 0;
        bool const this_event = account && store::event_known(tx, account->id, event->key) &&
                                !store::event_shelved(tx, account->id, event->key);
        if (whole_body || this_event)
            store::resolve_shelf_entry(tx, entry.id, store::ShelfDecision{store::ShelfResolution::replayed, by, {}}, delivery.received_at);
    }
    return std::move(taking.tally);
}

} // namespace deskbridge::flow
