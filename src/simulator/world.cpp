#include "world.hpp"

#include "signing.hpp"

namespace deskbridge::simulator {

World::World(boost::asio::io_context& context, Options given, async::Clock& time, Log& where)
    : io{context}, options{std::move(given)}, clock{time}, log{where},
      number{options.phone_number_id, options.waba_id, options.display_phone_number}, tasks{io, log},
      http{io, net::ClientSettings{}, log}, feed{io},
      emitter{Emitter::Parts{io, clock, log, ledger, http, tasks, number},
              HookSettings{options.hook_url, options.app_secret, options.verify_token, options.raw_utf8,
                           options.time_scale, options.hook_timeout}},
      throughput{number_bucket(options.messages_per_second)},
      closing{io, boost::asio::steady_timer::time_point::max()}
{
}

std::filesystem::path World::media_path(std::string_view id) const
{
    return options.state_dir / "media" / id;
}

Result<Media> World::keep_media(std::string mime_type, std::string name, std::string_view bytes, std::chrono::hours life)
{
    Media media;
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

Bucket& World::pair_bucket_of(std::string const& customer_id)
{
    return pairs.try_emplace(customer_id, pair_bucket()).first->second;
}

} // namespace deskbridge::simulator
