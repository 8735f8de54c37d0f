#include "deskbridge/channel/reading.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

namespace deskbridge::channel {
namespace {

constexpr std::size_t largest_details = 32 * 1024;
constexpr std::size_t longest_file_name = 255;

} // namespace

std::string name_at(Json const& node, std::string_view pointer)
{
    auto text = loose_text_at(node, pointer).value_or("");
    return text.size() <= longest_id ? text : std::string{};
}

std::string id_at(Json const& node, std::string_view pointer)
{
    constexpr std::string_view mended = "\xEF\xBF\xBD";
    auto value = name_at(node, pointer);
    return value.find(mended) == std::string::npos ? value : std::string{};
}

std::string words_at(Json const& node, std::string_view pointer)
{
    return clean_text(loose_text_at(node, pointer).value_or(""));
}

std::string file_name_at(Json const& node, std::string_view pointer)
{
    auto const raw = text_at(node, pointer).value_or("");
    auto const slash = raw.find_last_of("/\\");
    auto const name = one_line(slash == std::string::npos ? std::string_view{raw} : std::string_view{raw}.substr(slash + 1));
    return name.empty() ? name : shorten(name, longest_file_name);
}

std::optional<std::string> render_place(Json const& place)
{
    auto const latitude = loose_number_at(place, "/latitude");
    auto const longitude = loose_number_at(place, "/longitude");
    if (!latitude || !longitude)
        return std::nullopt;
    auto words = words_at(place, "/name");
    auto const address = words_at(place, "/address");
    if (!address.empty() && address != words)
        words.append(words.empty() ? "" : ", ").append(address);
    auto const position = fmt::format("{}, {}", *latitude, *longitude);
    return words.empty() ? position : fmt::format("{} ({})", words, position);
}

std::string phone_digits(std::string_view written)
{
    std::string digits;
    for (char const c : written) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (std::string_view{"+ -()."}.find(c) == std::string_view::npos)
            return {};
    }
    return digits.size() <= 32 ? digits : std::string{};
}

std::string fingerprint(std::initializer_list<std::string_view> texts)
{
    std::string joined;
    for (auto const text : texts)
        joined.append(std::to_string(text.size())).append(":").append(text);
    return sha256_hex(joined).substr(0, 32);
}

std::string fingerprint(Json const& node)
{
    return fingerprint({write_json(node)});
}

std::string render_details(Json const& details)
{
    auto text = write_json(details);
    if (text.size() <= largest_details)
        return text;
    return write_json({{"omitted_bytes", text.size()}});
}

void Collector::add(std::string account_number, std::string key, EventBody body)
{
    events_.push_back({std::move(account_number), std::move(key), std::move(body)});
}

void Collector::notice(std::string account_number, ChannelNotice body, std::string_view hash)
{
    auto key = "notice:" + body.kind + ":" + std::string{hash};
    add(std::move(account_number), std::move(key), std::move(body));
}

void Collector::unreadable(std::string account_number, Json const& node, std::string_view why)
{
    ++unread_;
    if (first_reason_.empty())
        first_reason_ = why;
    Json const details{{"reason", why}};
    ChannelNotice body{std::string{unreadable_notice}, std::nullopt, received_at_, render_details(details)};
    notice(std::move(account_number), std::move(body), fingerprint(node));
}

Result<Intake> Collector::finish() &&
{
    if (unread_ > 0 && unread_ == events_.size())
        return Error{Fault::malformed, first_reason_};
    return Intake{std::move(events_), {}};
}

} // namespace deskbridge::channel
