#include "telegram/bot_world.hpp"

#include "signing.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace deskbridge::simulator::telegram {

using namespace std::chrono_literals;

namespace {

/// "One message a second in a chat, 20 a minute in a group"; how long a burst may be no page says.
/// Source: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this (2026-11).
Bucket bucket_of(std::int64_t chat)
{
    return chat < 0 ? Bucket{3s, 20} : Bucket{1s, 5};
}

/// Whole seconds until there is room; 0: there is.
int wait_for(Bucket const& bucket, Timestamp now)
{
    int seconds = 0;
    while (!bucket.has_room(now + std::chrono::seconds{seconds}))
        ++seconds;
    return seconds;
}

} // namespace

std::int64_t bot_id_of(std::string_view token)
{
    std::int64_t id = 0;
    auto const digits = token.substr(0, token.find(':'));
    auto const [stopped, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    bool const whole = error == std::errc{} && stopped == digits.data() + digits.size() && digits.size() + 1 < token.size();
    return whole ? id : 0;
}

BotWorld::BotWorld(World& simulator) : house{simulator}, pace_of_bot_{number_bucket(simulator.options.telegram_per_second)} {}

Result<void> BotWorld::open()
{
    std::error_code failed;
    std::filesystem::create_directories(folder() / "files", failed);
    if (failed)
        return Error{Fault::storage, "cannot create " + folder().string() + ": " + failed.message()};
    if (auto const opened = book.open(folder() / "chats.jsonl", house.options.fsync); !opened)
        return opened.error();
    return ledger.open(folder() / "ledger.jsonl", house.options.fsync);
}

Json BotWorld::bot() const
{
    return Json{{"id", bot_id_of(token())},
                {"is_bot", true},
                {"first_name", house.options.business_name},
                {"username", house.options.telegram_username}};
}

Result<File> BotWorld::keep_file(std::string_view kind, std::string mime_type, std::string name, std::string_view bytes)
{
    auto const random = random_hex(18);
    auto const path = std::string{kind} + "s/file_" + random.substr(0, 8);
    File file{"sim-" + random, random, path, std::move(name), std::move(mime_type), bytes.size()};
    if (kind == "photo")
        file.path += ".jpg";
    else if (auto const dot = file.name.rfind('.'); dot != std::string::npos && file.name.size() - dot <= 5)
        file.path += file.name.substr(dot).find_first_of("/?#% ") == std::string::npos ? file.name.substr(dot) : "";
    if (auto const written = write_file(folder() / "files" / file.stored, bytes, house.options.fsync); !written)
        return written.error();
    book.save(file);
    return file;
}

std::optional<std::string> BotWorld::bytes_of(File const& file) const
{
    return read_file(folder() / "files" / file.stored);
}

int BotWorld::pace(std::int64_t chat)
{
    auto const now = house.clock.now(); // a shifted clock must not empty or fill the buckets
    auto& of_chat = pace_of_chats_.try_emplace(chat, bucket_of(chat)).first->second;
    auto const seconds = std::max(wait_for(pace_of_bot_, now), wait_for(of_chat, now));
    if (seconds == 0) {
        pace_of_bot_.take(now);
        of_chat.take(now);
    }
    return seconds;
}

} // namespace deskbridge::simulator::telegram
