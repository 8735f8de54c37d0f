#include "outbox_sender.hpp"

#include "deskbridge/channel/file_link.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/contact.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_steps = 6;

Outcome lost(net::NoAnswer const& answer, bool delivers)
{
    if (delivers && answer.written == net::NoAnswer::Written::all)
        return Unknown{answer.why, {}};
    return NotSent{.why = answer.why};
}

using Secrets = decltype(channel::Account::secrets);

/// Without any secret, be it of then or of now. What was refused with secrets that were replaced meanwhile says nothing about the new ones.
Outcome told_of(Outcome const& told, Secrets const& then, Secrets const& now)
{
    auto outcome = channel::without_secrets(channel::without_secrets(told, then), now);
    auto const* refused = std::get_if<Refused>(&outcome);
    if (then != now && refused != nullptr && refused->because == Refused::Because::account)
        return NotSent{.why = refused->why, .error = refused->error};
    return outcome;
}

bool is_as_journalled(channel::Delivery const& delivery, store::AttemptBegun const& begun)
{
    return delivery.content == begun.content && delivery.to == begun.to && delivery.group == begun.group;
}

} // namespace

std::string OutboxPump::fresh_token()
{
    auto const high = parts_.dice();
    return fmt::format("{:016x}{:016x}", high, parts_.dice());
}

asio::awaitable<void> OutboxPump::deliver(Sender& sender, store::ReadyHead head)
{
    Slot const slot{*this, sender, head.conversation};
    co_await asio::this_coro::throw_if_cancelled(false);
    channel::Delivery delivery{head.content, head.to, head.group, fresh_token(), parts_.clock.now()};
    if (!head.content.files.empty())
        delivery.link = channel::link_to(sender.context, head.content.files.front().attachment, delivery.at);
    auto const secrets = sender.context.account.secrets; // those that are on the wire: others may be read meanwhile
    auto prepared = co_await prepare(sender, head, delivery);
    if (!prepared)
        co_return;
    if (stopping_) { // untouched: the next start sends it
        sender.pace.give_back(head.conversation);
        co_return;
    }
    if (prepared->told) {
        prepared->link.connection.reset();
        Ended ended{delivery.token, told_of(*prepared->told, secrets, sender.context.account.secrets)};
        co_await conclude(sender, head, ended, delivery.at);
        co_return;
    }
    auto const begun = co_await begin(sender, head, delivery, *prepared);
    if (!begun)
        co_return;
    if (secrets != sender.context.account.secrets) // read anew meanwhile
        prepared->step.reset();
    auto const started = parts_.clock.now();
    auto const told = co_await exchange(sender, delivery, *prepared);
    Ended ended{delivery.token, told_of(told, secrets, sender.context.account.secrets)};
    prepared->link.connection.reset();
    auto const took = parts_.clock.now() - started;
    figures_->seconds.observe(std::chrono::duration<double>(took).count());
    ended.complaints = learn_pace(sender, head.conversation, ended.outcome, started);
    if (auto const* not_sent = std::get_if<NotSent>(&ended.outcome); not_sent && not_sent->about_file)
        co_await forget_upload(sender, head, delivery);
    co_await record(sender, head, ended);
}

asio::awaitable<std::optional<OutboxPump::Prepared>> OutboxPump::prepare(Sender& sender, store::ReadyHead const& head,
                                                                         channel::Delivery& delivery)
{
    Prepared prepared;
    co_await recall_upload(sender, delivery);
    while (prepared.so_far.size() < most_steps) {
        auto next = sender.context.adapter->next(sender.context.account, delivery, prepared.so_far);
        auto* const step = std::get_if<channel::Step>(&next);
        if (!step) {
            if (!prepared.so_far.empty())
                prepared.told = std::move(std::get<Outcome>(next));
            break; // an outcome without a question: `exchange` learns it, of what the journal says then
        }
        if (!co_await connect(sender, head, *step, prepared.link))
            co_return std::nullopt;
        if (step->delivers) {
            prepared.step = std::move(*step);
            break;
        }
        auto performed = co_await perform(sender, *step, prepared.link);
        if (auto* const told = std::get_if<Outcome>(&performed)) {
            prepared.told = std::move(*told);
            break;
        }
        prepared.so_far.push_back(std::move(std::get<HttpResponse>(performed)));
        judge_provider(sender, prepared.so_far.back().status < 500 ? Sign::works : Sign::fails, parts_.clock.now());
        co_await remember_upload(sender, head, delivery, prepared.so_far.back());
    }
    co_return std::move(prepared);
}

asio::awaitable<bool> OutboxPump::connect(Sender& sender, store::ReadyHead const& head, channel::Step const& step, Link& link)
{
    NotSent why;
    auto origin = net::origin_of(step.request.target);
    if (origin && link.connection && link.origin == *origin)
        co_return true;
    if (origin) {
        link.connection.reset();
        auto connection = co_await parts_.transport.connect(*origin, settings_.connect);
        if (connection) {
            link = {std::move(*origin), std::move(*connection)};
            co_return true;
        }
        why.why = connection.error().detail;
    } else {
        why.why = origin.error().detail;
    }
    co_await postpone(sender, head, why);
    co_return false;
}

asio::awaitable<bool> OutboxPump::begin(Sender& sender, store::ReadyHead const& head, channel::Delivery& delivery, Prepared& prepared)
{
    auto const now = parts_.clock.now();
    store::BeginAttempt const begin{head.intent, delivery.token, parts_.epoch, now, sender.context.account.scope};
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        auto result = store::begin_attempt(tx, begin, sender.policy);
        if (auto const* moved = std::get_if<std::vector<store::OutboxEffect>>(&result))
            timer = settle(tx, *moved, now);
        return result;
    };
    auto result = co_await parts_.store.write(job, store::Lane::outcome);
    auto* begun = result ? std::get_if<store::AttemptBegun>(&*result) : nullptr;
    if (begun) {
        away_.clear();
        parts_.log.debug("send_begun", {{"account", sender.name()}, {"intent", head.intent.value}, {"attempt", begun->n}});
        auto const age = now - delivery.at;
        if (age >= 0s && age < 1s && is_as_journalled(delivery, *begun))
            co_return true;
        prepared.step.reset(); // connecting has taken long, the clock was set back, or it goes elsewhere now
        delivery.content = std::move(begun->content);
        delivery.to = std::move(begun->to);
        delivery.group = std::move(begun->group);
        delivery.at = now;
        co_return true;
    }
    sender.pace.give_back(head.conversation);
    armed(timer);
    if (!result)
        cannot_begin(sender, head, result.error(), now);
    else if (auto const* stay = std::get_if<Stay>(&*result))
        parts_.log.debug("send_waits", {{"intent", head.intent.value}, {"reason", stay->why}});
    else
        report_moves(std::get<std::vector<store::OutboxEffect>>(*result));
    co_return false;
}

asio::awaitable<net::Answer> OutboxPump::ask(Sender& sender, net::Origin const& origin, channel::Step& step, Link& link)
{
    // A connection from the pool may have died under us: as long as nothing was written, another one is the same try.
    for (int connections = 0;; ++connections) {
        if (!link.connection || link.origin != origin) {
            link.connection.reset();
            auto connection = co_await parts_.transport.connect(origin, settings_.connect);
            if (!connection)
                co_return net::NoAnswer{net::NoAnswer::Written::nothing, connection.error().detail};
            link.origin = origin;
            link.connection = std::move(*connection);
        }
        net::Answer answer;
        if (step.file)
            answer = co_await upload(sender, step, link);
        else
            answer = co_await link.connection->exchange(step.request, settings_.exchange);
        auto const* none = std::get_if<net::NoAnswer>(&answer);
        bool const untouched = none && none->written == net::NoAnswer::Written::nothing;
        if (!untouched || connections > 0 || stopping_)
            co_return answer;
        link.connection.reset();
    }
}

asio::awaitable<OutboxPump::Performed> OutboxPump::perform(Sender& sender, channel::Step& step, Link& link)
{
    auto const origin = net::origin_of(step.request.target);
    if (!origin)
        co_return Outcome{NotSent{.why = origin.error().detail}};
    if (step.file && !co_await is_there(*step.file))
        co_return Outcome{Refused{"The file is missing from the media folder, or is not whole: copy it back from a backup, then try again.",
                                  Refused::Because::message, {}}};
    auto answer = co_await ask(sender, *origin, step, link);
    auto* const response = std::get_if<HttpResponse>(&answer);
    if (step.file)
        (response ? figures_->uploaded : figures_->not_uploaded).add();
    if (!response)
        co_return lost(std::get<net::NoAnswer>(answer), step.delivers);
    co_return std::move(*response);
}

asio::awaitable<Outcome> OutboxPump::exchange(Sender& sender, channel::Delivery const& delivery, Prepared& prepared)
{
    auto& so_far = prepared.so_far;
    while (so_far.size() < most_steps) {
        auto next = prepared.step ? std::move(*prepared.step) : sender.context.adapter->next(sender.context.account, delivery, so_far);
        prepared.step.reset();
        if (auto* outcome = std::get_if<Outcome>(&next))
            co_return std::move(*outcome);
        auto& step = std::get<channel::Step>(next);
        if (!step.delivers) { // an upload of minutes belongs before an attempt, which a crash would leave in doubt
            constexpr auto why = "The provider does not have the file any more: it is uploaded anew.";
            co_return NotSent{.why = why, .error = {.code = 0, .title = {}, .detail = {}, .sentence = why}, .about_file = true};
        }
        auto performed = co_await perform(sender, step, prepared.link);
        if (auto* const told = std::get_if<Outcome>(&performed))
            co_return std::move(*told);
        so_far.push_back(std::move(std::get<HttpResponse>(performed)));
    }
    co_return Unknown{"more requests than any channel needs", {}};
}

asio::awaitable<void> OutboxPump::record(Sender& sender, store::ReadyHead const& head, Ended const& ended)
{
    auto const& outcome = ended.outcome;
    OutcomeFacts const facts{.now = parts_.clock.now(), .dice = parts_.dice(), .keeps = sender.policy.keeps};
    store::RecordedOutcome recorded;
    std::optional<Timestamp> timer;
    auto job = [&](store::Tx& tx) {
        recorded = store::record_outcome(tx, ended.token, outcome, facts, sender.policy);
        if (auto const* accepted = std::get_if<Accepted>(&outcome); accepted && recorded.contact)
            store::learn_addresses(tx, {sender.context.id, recorded.contact, sender.context.account.scope, facts.now}, accepted->aliases);
        if (ended.complaints)
            store::want_check(tx, sender.context.id, {.at = facts.now}); // it may be worse than this number can tell
        timer = settle(tx, recorded.effects, facts.now);
    };
    auto const give_up = std::chrono::steady_clock::now() + settings_.finish;
    for (;;) {
        auto const done = co_await parts_.store.write(job, store::Lane::outcome);
        if (done)
            break;
        if (is_news("outcome_not_recorded", done.error()))
            parts_.log.error("outcome_not_recorded", {{"intent", head.intent.value}, {"reason", done.error().detail}});
        if (stopping_ && std::chrono::steady_clock::now() > give_up)
            co_return; // the next start finds an attempt without a result
        asio::steady_timer pause{parts_.io, 200ms};
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    away_.clear();
    armed(timer);
    report(sender, head, outcome, recorded);
}

} // namespace deskbridge::flow
