#include "reading.hpp"

namespace deskbridge::whatsapp {
namespace {

constexpr std::size_t largest_details = 32 * 1024;

} // namespace

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
    ChannelNotice body{std::string{channel::unreadable_notice}, std::nullopt, received_at_, render_details(details)};
    notice(std::move(account_number), std::move(body), fingerprint(node));
}

Result<channel::Intake> Collector::finish() &&
{
    if (unread_ > 0 && unread_ == events_.size())
        return Error{Fault::malformed, first_reason_};
    return channel::Intake{std::move(events_), {}};
}

std::string render_details(Json const& details)
{
    auto text = channel::write_json(details);
    if (text.size() <= largest_details)
        return text;
    return channel::write_json({{"omitted_bytes", text.size()}});
}

} // namespace deskbridge::whatsapp
