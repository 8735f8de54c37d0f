#include "media.hpp"

#include "access.hpp"
#include "contents.hpp"
#include "error_table.hpp"
#include "errors.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/url.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

struct MediaType {
    std::string_view type;
    MessageKind kind;
};

/// `voice` is what old webhooks called a voice note; today it is audio with "voice": true.
constexpr std::array<MediaType, 6> media_types{{{"image", MessageKind::image},
                                                {"audio", MessageKind::audio},
                                                {"voice", MessageKind::voice},
                                                {"video", MessageKind::video},
                                                {"document", MessageKind::document},
                                                {"sticker", MessageKind::sticker}}};

HttpRequest ask_with(channel::Account const& account, MediaReference const& media, Access const& access)
{
    return get_with(access, channel::join_url(account.setting("api_base"), {media.external_id}),
                    {{"phone_number_id", account.setting("phone_number_id")}});
}

/// Does the code ask for patience, whatever the status?
bool asks_for_patience(std::int64_t code)
{
    auto const* row = code > 0 && code <= INT32_MAX ? find_error(static_cast<int>(code)) : nullptr;
    return row != nullptr && (row->verdict == Verdict::wait_account || row->verdict == Verdict::unknown);
}

/// Where Meta keeps files. Source: developers.facebook.com, WhatsApp "Media", "Download media" (2026-10), and the redirects
/// that integrators see.
constexpr std::array<std::string_view, 3> file_hosts{".fbsbx.com", ".fbcdn.net", ".facebook.com"};

channel::MediaStep read_link(channel::Account const& account, HttpResponse const& answer, Access const& access)
{
    auto const body = channel::read_json(answer.body);
    auto const url = body ? channel::text_at(*body, "/url").value_or("") : std::string{};
    if (url.empty())
        return channel::NoMediaLink{MediaProblem::unreadable};
    channel::MediaLink link;
    link.request = {"GET", url, {{"Authorization", bearer(access)}}, {}};
    auto const here = channel::loopback_host(account.setting("api_base"));
    link.loopback = !here.empty();
    if (link.loopback)
        link.hosts = {here};
    else
        link.hosts.assign(file_hosts.begin(), file_hosts.end());
    link.sha256 = channel::sha256_as_hex(channel::text_at(*body, "/sha256").value_or(""));
    if (auto const size = channel::loose_int_at(*body, "/file_size"); size && *size >= 0)
        link.size = static_cast<std::uint64_t>(*size);
    return link;
}

channel::NoMediaLink no_link(HttpResponse const& answer)
{
    auto const asked = channel::retry_after(answer).value_or(std::chrono::seconds{0});
    if (is_access_refused(answer))
        return {MediaProblem::credentials, asked};
    auto const body = channel::read_json(answer.body);
    auto const code = body ? channel::loose_int_at(*body, "/error/code").value_or(0) : 0;
    if (answer.status == 429 || answer.status == 408 || answer.status >= 500 || asks_for_patience(code))
        return {MediaProblem::busy, asked};
    bool const no_such_object = code == 33 || code == 100 || code == 131052;
    if (no_such_object || answer.status == 404 || answer.status == 410)
        return {MediaProblem::gone, asked};
    return {MediaProblem::unreadable, asked};
}

} // namespace

bool read_media(Json const& node, std::string const& type, Draft& draft)
{
    auto const known = std::find_if(media_types.begin(), media_types.end(), [&](auto const& row) { return row.type == type; });
    if (known == media_types.end())
        return false;
    auto const* file = channel::object_at(node, "/" + type);
    if (file == nullptr)
        return false;
    auto& message = draft.message;
    message.text = words_at(*file, "/caption");
    auto id = name_at(*file, "/id");
    if (id.empty())
        return false;
    bool const spoken = known->kind == MessageKind::audio && channel::bool_at(*file, "/voice").value_or(false);
    message.kind = spoken ? MessageKind::voice : known->kind;
    message.media.push_back({std::move(id), words_at(*file, "/mime_type"),
                             channel::file_name_at(*file, "/filename"),
                             channel::sha256_as_hex(channel::text_at(*file, "/sha256").value_or(""))});
    if (channel::bool_at(*file, "/animated").value_or(false))
        draft.details["animated"] = true;
    return true;
}

std::optional<HttpRequest> ask_for_media(channel::Account const& account, MediaReference const& media)
{
    auto const accesses = accesses_of(account);
    if (accesses.empty() || media.external_id.empty())
        return std::nullopt;
    return ask_with(account, media, accesses.front());
}

channel::MediaStep media_step(channel::Account const& account, MediaReference const& media, std::span<HttpResponse const> so_far)
{
    auto const accesses = accesses_of(account);
    if (media.external_id.empty())
        return channel::NoMediaLink{MediaProblem::unsupported};
    if (accesses.empty())
        return channel::NoMediaLink{MediaProblem::credentials};
    std::size_t access = 0;
    for (auto const& answer : so_far) {
        auto const other = access_after(accesses, access, answer);
        if (!other)
            return answer.status >= 200 && answer.status < 300 ? read_link(account, answer, accesses[access]) : no_link(answer);
        access = *other;
    }
    return ask_with(account, media, accesses[access]);
}

} // namespace deskbridge::whatsapp
