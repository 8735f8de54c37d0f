#include "world.hpp"

#include "signing.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

void fill(std::string& value, std::string const& otherwise)
{
    if (value.empty())
        value = otherwise;
}

std::deque<NumberState> numbers_of(Options const& options)
{
    BusinessNumber const first{options.phone_number_id, options.display_phone_number, options.waba_id,      options.business_name, {},
                               options.hook_url,        options.app_secret,           options.verify_token, options.access_token};
    std::deque<NumberState> all;
    all.push_back({first, {}, number_bucket(options.messages_per_second)});
    for (auto own : options.further_numbers) {
        fill(own.waba_id, first.waba_id);
        fill(own.business_name, first.business_name);
        fill(own.hook_url, first.hook_url);
        fill(own.app_secret, first.app_secret);
        fill(own.verify_token, first.verify_token);
        fill(own.access_token, first.access_token);
        all.push_back({std::move(own), {}, number_bucket(options.messages_per_second)});
    }
    return all;
}

net::ClientSettings client_of(Options const& options)
{
    net::ClientSettings settings;
    settings.ca_file = options.hook_ca_file;
    settings.certificate = options.hook_certificate;
    settings.key = options.hook_key;
    return settings;
}

} // namespace

World::World(boost::asio::io_context& context, Options given, async::Clock& time, Log& where)
    : io{context}, options{std::move(given)}, clock{time}, log{where}, numbers{numbers_of(options)}, book{options.phone_number_id},
      tasks{io, log}, http{io, client_of(options), log}, feed{io}, hooks{Emitter::Parts{io, clock, log, ledger, http, tasks, chaos}},
      closing{io, boost::asio::steady_timer::time_point::max()}
{
    for (auto const& one : numbers)
        hooks.add(one.number(), HookSettings{one.own.hook_url, one.own.app_secret, one.own.verify_token, options.raw_utf8,
                                             options.time_scale, options.hook_timeout});
    hooks.ask([this](Update const& update) { return number_of(update.number.phone_number_id).account.hears(update.field); });
}

std::filesystem::path World::media_path(std::string_view id) const
{
    return options.state_dir / "media" / id;
}

Result<Media> World::keep_media(std::string mime_type, std::string name, std::string_view bytes, std::chrono::hours life,
                                std::string const& number)
{
    Media media;
    media.number = number;
    media.id = random_digits(16);
    media.mime_type = std::move(mime_type);
    media.name = std::move(name);
    media.sha256_hex = simulator::sha256_hex(bytes);
    media.sha256_base64 = simulator::sha256_base64(bytes);
    media.size = bytes.size();
    media.expires = now() + life;
    if (auto const written = write_file(media_path(media.id), bytes, options.fsync); !written)
        return written.error();
    book.add_media(media);
    return media;
}

NumberState* World::find_number(std::string_view phone_number_id)
{
    auto const same = [&](NumberState const& one) { return one.own.phone_number_id == phone_number_id; };
    auto const found = std::find_if(numbers.begin(), numbers.end(), same);
    return found == numbers.end() ? nullptr : &*found;
}

NumberState& World::number_of(std::string const& phone_number_id)
{
    auto* const found = find_number(phone_number_id);
    return found ? *found : numbers.front();
}

Result<NumberState*> World::number_in(Json const& order)
{
    auto const id = text_at(order, {"number"}).value_or("");
    auto* const found = id.empty() ? &numbers.front() : find_number(id);
    if (!found)
        return Error{Fault::not_found, "no such number"};
    return found;
}

Person World::seen_by(NumberState const& number, Person const& customer) const
{
    auto seen = customer;
    seen.user_id = user_id_in(customer, number.own.portfolio);
    return seen;
}

void World::tell(Person const& about, Update update)
{
    bool const shared = update.field == "messages" || update.field == "smb_message_echoes";
    if (shared && about.standby.contains(update.number.phone_number_id))
        update.field = "standby";
    hooks.emit(std::move(update));
}

std::string World::held_by(NumberState const& number, Template const& one)
{
    return number.own.waba_id + "/" + one.name + "/" + one.language;
}

Bucket& World::pair_bucket_of(std::string const& phone_number_id, std::string const& recipient_id)
{
    return pairs.try_emplace({phone_number_id, recipient_id}, pair_bucket()).first->second;
}

} // namespace deskbridge::simulator
