#include "world.hpp"

#include "deskbridge/channel/plan.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/outgoing_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace deskbridge::test {

namespace asio = boost::asio;

namespace {

std::string text_of(nlohmann::json const& doc, char const* key)
{
    auto const found = doc.find(key);
    return found != doc.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

nlohmann::json body_of(std::string const& body)
{
    return nlohmann::json::parse(body, nullptr, false);
}

Outcome outcome_of(HttpResponse const& response)
{
    auto const asked = response.headers.find("Retry-After");
    std::chrono::seconds const wait{asked ? std::stoi(std::string{*asked}) : 0};
    switch (response.status) {
    case 200: break;
    case 401: return Refused{"token", Refused::Because::account, {}};
    case 428: return NotSent{"pair", wait, NotSent::Slows::pair, {}};
    case 429: return NotSent{"rate", wait, NotSent::Slows::account, {}};
    case 430: return NotSent{"complaints", wait, NotSent::Slows::proactive, {.code = 430, .title = "t", .detail = {}, .sentence = {}, .trace = "Aq1"}};
    case 470: return Refused{"window", Refused::Because::window_closed, {}};
    default:
        if (response.status < 500)
            return Refused{"no", Refused::Because::message, {response.status, response.body.empty() ? "No" : response.body, ""}};
        return Unknown{"5xx", {}};
    }
    auto const doc = body_of(response.body);
    auto const id = doc.is_object() ? text_of(doc, "id") : std::string{};
    if (id.empty())
        return Unknown{"2xx without an id", {}};
    Accepted accepted{{id}, {}};
    if (auto const alias = text_of(doc, "alias"); !alias.empty())
        accepted.aliases.push_back({"alias", alias});
    return accepted;
}

} // namespace

namespace {

/// The same for a file: `uploaded`, or what a form was answered with, names it.
channel::SendStep next_of_file(AcmeAdapter const& acme, channel::Delivery const& delivery, std::span<HttpResponse const> so_far)
{
    auto id = delivery.uploaded;
    for (auto const& response : so_far) {
        if (!id.empty() && response.status != 404)
            return outcome_of(response);
        auto const uploaded = id.empty() ? acme.uploaded(response) : std::nullopt;
        if (id.empty() && !uploaded)
            return response.status == 429 ? outcome_of(response) : Outcome{NotSent{"upload", {}, {}, {}}};
        id = uploaded ? uploaded->id : std::string{};
    }
    if (id.empty()) {
        channel::Step step{{"POST", "https://files.acme.test/upload", {}, {}}, false};
        channel::put_form(step, {}, "file", delivery.content.files.front());
        return step;
    }
    nlohmann::json const body{{"to", delivery.to.value}, {"text", delivery.content.text}, {"token", delivery.token}, {"file", id}};
    return channel::Step{{"POST", "https://acme.test/send", {}, body.dump()}, true};
}

} // namespace

std::optional<channel::Uploaded> AcmeAdapter::uploaded(HttpResponse const& response) const
{
    auto const doc = body_of(response.body);
    auto id = doc.is_object() ? text_of(doc, "id") : std::string{};
    if (response.status != 200 || id.empty())
        return std::nullopt;
    return channel::Uploaded{std::move(id), std::chrono::hours{1}};
}

channel::SendStep AcmeAdapter::next(channel::Account const& account, channel::Delivery const& delivery,
                                    std::span<HttpResponse const> so_far) const
{
    if (!delivery.content.files.empty())
        return next_of_file(*this, delivery, so_far);
    bool const uploads = delivery.content.text.starts_with("file:");
    if (uploads && so_far.empty())
        return channel::Step{{"POST", "https://files.acme.test/upload", {}, delivery.content.text}, false};
    if (uploads && so_far.size() == 1 && so_far[0].status != 200)
        return Outcome{NotSent{"upload", {}, {}, {}}};
    if (so_far.size() == (uploads ? 1u : 0u)) {
        auto const secrets = account.secret("key");
        nlohmann::json const body{{"to", delivery.to.value},
                                  {"text", delivery.content.text},
                                  {"token", delivery.token},
                                  {"at", to_ms(delivery.at)},
                                  {"key", secrets.empty() ? std::string{} : secrets.front()}};
        return channel::Step{{"POST", "https://acme.test/send", {}, body.dump()}, true};
    }
    return outcome_of(so_far.back());
}

std::optional<HttpRequest> AcmeAdapter::read_mark(channel::Account const&, ExternalMessageId const& message, bool typing) const
{
    return HttpRequest{"POST", "https://acme.test/read", {}, message.value + (typing ? "+typing" : "")};
}

std::size_t KeptLog::count(std::string_view event) const
{
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), event));
}

World::World(int count)
{
    adapter.can.account_per_second = 1000;
    adapter.can.pair_burst = 1000;
    settings.per_second_max = 1000;
    settings.finish = std::chrono::milliseconds{50};
    transport.step = log.step = [this](char const* where) {
        if (step)
            step(where);
    };
    std::vector<store::ConfiguredAccount> configured;
    for (int i = 0; i < count; ++i) {
        auto const number = std::to_string(100 + i);
        configured.push_back({.channel = "acme", .number = number, .name = "acme" + number});
    }
    auto const ids = store.write([&](store::Tx& tx) { return store::configure_accounts(tx, configured, noon); });
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto context = std::make_unique<channel::AccountContext>();
        context->id = ids[i];
        context->account.name = configured[i].name;
        context->account.number = configured[i].number;
        context->account.scope = "acme";
        context->adapter = &adapter;
        accounts.push_back(std::move(context));
    }
}

Customer World::customer(std::string const& address, std::size_t account)
{
    return store.write([&](store::Tx& tx) { return add_customer(tx, accounts[account]->id, address, clock.now()); });
}

OutboundFile World::bring(std::string const& bytes, std::string const& name)
{
    REQUIRE(folder.prepare().has_value());
    auto draft = folder.draft();
    REQUIRE((draft.has_value() && draft->append(bytes)));
    auto const kept = store::keep_file(*draft, {});
    REQUIRE(kept.has_value());
    auto const number = store.write([&](store::Tx& tx) { return store::bring_file(tx, {0, name, {}, *kept, clock.now()}, {ActorKind::agent, 7}); });
    return {number, name, kept->content_type, kept->size, kept->sha256, "document"};
}

MessageId World::queue_file(Customer const& to, OutboundFile const& file, std::string const& caption)
{
    auto out = outgoing(to, caption, clock.now());
    out.shown.files = {file};
    out.parts = {out.shown};
    return queue(out);
}

MessageId World::queue(store::Outgoing const& out)
{
    return store.write([&](store::Tx& tx) { return store::queue_message(tx, out); });
}

MessageId World::queue(Customer const& to, std::string const& text, MessageClass c)
{
    return queue(outgoing(to, text, clock.now(), c));
}

void World::writes(Customer const& who, std::string const& text, std::string const& command)
{
    store::Message message;
    message.conversation = who.conversation;
    message.account = who.account;
    message.direction = store::Direction::in;
    message.actor = {ActorKind::customer, 0};
    message.external_id = "in-" + text;
    message.text = text;
    message.matter = true;
    message.command = command;
    message.provider_at = message.received_at = clock.now();
    store.write([&](store::Tx& tx) {
        (void)store::insert_message(tx, message);
        store::raise_window(tx, who.conversation, clock.now());
    });
}

void World::start()
{
    process.reset();
    pool.emplace(1); // joins its thread
    store.reopen(); // joins its threads: nothing resumes on the old reactor any more
    io = std::make_unique<asio::io_context>(1);
    crashed_ = false;
    auto const epoch = store.write([&](store::Tx& tx) { return store::begin_epoch(tx, clock.now()).number; });
    auto dice = [this] {
        if (step)
            step("dice");
        return dice_ += 0x9E3779B97F4A7C15u;
    };
    refusals.emplace(accounts);
    flow::OutboxPump::Parts parts{.io = *io,
                                  .store = *store,
                                  .transport = transport,
                                  .clock = clock,
                                  .accounts = accounts,
                                  .refusals = *refusals,
                                  .log = log,
                                  .metrics = store.metrics,
                                  .dice = dice,
                                  .epoch = epoch,
                                  .on_timer = {},
                                  .on_crash = [this] { crashed_ = true; },
                                  .media = &folder,
                                  .media_pool = &*pool};
    process = std::make_unique<flow::OutboxPump>(std::move(parts), settings);
}

std::optional<Timestamp> World::live()
{
    start();
    std::optional<Timestamp> look_again;
    auto life = [&]() -> asio::awaitable<void> {
        auto const recovered = co_await process->recover();
        if (!recovered)
            throw std::runtime_error{recovered.error().detail};
        look_again = co_await process->pump_until_idle();
    };
    asio::co_spawn(*io, life(), [&](std::exception_ptr crash) {
        crashed_ = crashed_ || crash;
    });
    io->run();
    return crashed_ ? std::nullopt : look_again;
}

Timestamp World::pump()
{
    if (!process)
        start();
    io->restart();
    Timestamp look_again;
    auto turn = [&]() -> asio::awaitable<void> { look_again = co_await process->pump_until_idle(); };
    asio::co_spawn(*io, turn(), [](std::exception_ptr crash) {
        if (crash)
            std::rethrow_exception(crash);
    });
    io->run();
    REQUIRE_FALSE(crashed_);
    return look_again;
}

store::IntentRow World::row(MessageId message, std::size_t part)
{
    auto const parts = store.read([&](store::Reading& reading) { return store::intents_of(reading, message); });
    REQUIRE(part < parts.size());
    return parts[part];
}

std::string World::state(MessageId message, std::size_t part)
{
    return standing(row(message, part));
}

store::ReceiptEffect World::hear(Receipt const& said)
{
    return store.write([&](store::Tx& tx) { return store::apply_receipt(tx, accounts[0]->id, said, clock.now()); });
}

std::vector<std::string> World::sent() const
{
    std::vector<std::string> texts;
    for (auto const& request : transport.asked)
        if (request.target.ends_with("/send"))
            texts.push_back(text_of(body_of(request.body), "text"));
    return texts;
}

std::string World::token(std::size_t asked) const
{
    return text_of(body_of(transport.asked.at(asked).body), "token");
}

} // namespace deskbridge::test
