#include "simulation_world.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/flow/acknowledgement.hpp"
#include "deskbridge/store/timer.hpp"

namespace deskbridge::test::sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;

void World::post(std::string body, std::vector<std::string> ids, int tries)
{
    if (!alive()) { // the provider tries again, ever more slowly
        note_refused(true);
        agenda.after(5s * (1 << std::min(tries, 8)), [this, body = std::move(body), ids = std::move(ids), tries] { post(body, ids, tries + 1); });
        return;
    }
    spawn("intake", receiving(std::move(body), std::move(ids), tries));
    run();
}

/// Of a message its id; of a receipt the message's, its status and the attempt's token.
void World::note_answered(std::string const& id)
{
    auto const slash = id.find('/');
    if (slash == id.npos) {
        acknowledged.insert(id);
        return;
    }
    auto const second = id.find('/', slash + 1);
    told[id.substr(0, slash)].insert(id.substr(slash + 1, second - slash - 1));
    if (second + 1 < id.size())
        heard.emplace(id.substr(second + 1), agenda.true_now());
}

/// A daemon that is dead does nothing more in this millisecond: what it did in it was before.
void World::note_refused(bool dead)
{
    auto const at = agenda.true_now() + (dead ? 1ms : 0ms);
    refused.push_back(refused.empty() ? at : std::max(at, refused.back()));
}

asio::awaitable<void> World::receiving(std::string body, std::vector<std::string> ids, int tries)
{
    HttpRequest request;
    request.method = "POST";
    request.target = "/hooks/meta";
    request.headers = {{"Content-Type", "application/json"}, {"X-Hub-Signature-256", "sha256=" + channel::hmac_sha256_hex(app_secret, body)}};
    request.body = body;
    int status = 0;
    bool died = false;
    try {
        auto const response = co_await life_->intake.receive("meta", std::move(request), agenda.now());
        status = response.status;
    } catch (SimulatedCrash const&) {
        died = true;
    }
    if (status == 200)
        for (auto const& id : ids)
            note_answered(id);
    else
        note_refused(died);
    // What was not answered comes again; what was sometimes too.
    if (status != 200 || (tries < 3 && dice.chance(100)))
        agenda.after(5s * (1 << std::min(tries, 8)), [this, body, ids, tries] { post(body, ids, tries + 1); });
    if (died)
        throw SimulatedCrash{};
}

void World::write(Number const& number, Customer const& customer, std::vector<std::string> const& texts)
{
    auto messages = nlohmann::json::array();
    std::vector<std::string> ids;
    for (auto const& text : texts) {
        auto const id = "wamid.IN" + std::to_string(++written_);
        auto message = message_of(customer, id, agenda.true_now());
        message["type"] = text.empty() ? "hologram" : "text";
        message[text.empty() ? "hologram" : "text"] = {{"body", text}};
        messages.push_back(std::move(message));
        ids.push_back(id);
        written[id] = number.phone_number_id;
    }
    written_at[customer.phone + ">" + number.phone_number_id].push_back(agenda.true_now());
    post(webhook({messages_change(number, customer, std::move(messages))}), std::move(ids));
}

void World::fire_timers()
{
    if (!alive())
        return;
    auto const next = life_->store->read_now([](store::Reading& reading) { return store::next_timer_due(reading); });
    if (!next || !*next)
        return;
    if (**next > agenda.now()) {
        agenda.when(**next, [this, life = lives_] {
            if (life == lives_)
                fire_timers();
        });
        return;
    }
    auto const now = agenda.now();
    flow::Surroundings const around{accounts_, life_->roll};
    (void)life_->store->write_now([&](store::Tx& tx) { return flow::fire_due(tx, around, now, 100); });
    kick();
    look_again();
}

void World::mend_credentials(milliseconds every)
{
    if (alive())
        spawn("credentials", life_->pump.try_new_credentials());
    run();
    kick();
    agenda.after(every, [this, every] { mend_credentials(every); });
}

void World::tell(Sent const& sent, std::string const& status, int code)
{
    auto one = status_of(sent.id, status, agenda.true_now(), code);
    one["recipient_id"] = sent.to;
    if (!sent.token.empty() && !sent.bare && code == 0)
        one["biz_opaque_callback_data"] = sent.token;
    if (status_ids_.empty())
        agenda.after(dice.within(300ms), [this] { flush_statuses(); });
    status_ids_.push_back(sent.id + "/" + status + "/" + sent.token);
    statuses_[sent.number].push_back(std::move(one));
}

void World::flush_statuses()
{
    std::vector<nlohmann::json> changes;
    for (auto& [number, statuses] : std::exchange(statuses_, {})) {
        nlohmann::json all = std::move(statuses);
        changes.push_back(change("messages", {number}, {{"statuses", std::move(all)}}));
    }
    post(webhook(changes), std::exchange(status_ids_, {}));
}

} // namespace deskbridge::test::sim
