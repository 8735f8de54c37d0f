#include "media.hpp"

#include "answers.hpp"
#include "api.hpp"

#include "deskbridge/channel/url.hpp"
#include "deskbridge/core/ascii.hpp"

#include <algorithm>

namespace deskbridge::telegram {
namespace {

HttpRequest ask_with(channel::Account const& account, MediaReference const& media, std::string_view token)
{
    return {"GET", channel::with_query(method_url(account, token, "getFile"), {{"file_id", media.external_id}}), {}, {}};
}

/// The host alone, out of an absolute URL.
std::string host_of(std::string_view url)
{
    auto const scheme = url.find("://");
    url.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
    return std::string{url.substr(0, url.find_first_of(":/"))};
}

/// "photos/file_0.jpg", each part escaped; "" if it would lead anywhere else. (A server of one's own in its local mode
/// answers with a path on its disk.)
std::string escaped_path(std::string_view path)
{
    std::string out;
    while (!path.empty()) {
        auto const part = path.substr(0, path.find('/'));
        if (part.empty() || part == "." || part == "..")
            return {};
        out.append(out.empty() ? "" : "/").append(channel::escape_url(part));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
    }
    return out;
}

/// The URL holds the token: it is good for an hour, and for nobody else.
channel::MediaStep read_link(channel::Account const& account, HttpResponse const& answer, std::string_view token)
{
    auto const body = channel::read_json(answer.body);
    auto const path = body ? escaped_path(channel::text_at(*body, "/result/file_path").value_or("")) : std::string{};
    if (path.empty())
        return channel::NoMediaLink{MediaProblem::unreadable};
    auto const base = account.setting("api_base");
    auto const here = channel::loopback_host(base);
    channel::MediaLink link;
    link.request = {"GET", file_url(account, token, path), {}, {}};
    link.loopback = !here.empty();
    link.hosts = {link.loopback ? here : host_of(base)};
    if (auto const size = channel::int_at(*body, "/result/file_size"); size && *size >= 0)
        link.size = static_cast<std::uint64_t>(*size);
    return link;
}

channel::NoMediaLink no_link(HttpResponse const& answer)
{
    auto const refusal = read_refusal(answer);
    auto const asked = std::max(refusal.asked, channel::retry_after(answer).value_or(std::chrono::seconds{0}));
    if (is_token_refused(answer))
        return {MediaProblem::credentials, asked};
    if (answer.status == 429 || answer.status == 408 || answer.status >= 500 || holds_word(refusal.description, "temporarily"))
        return {MediaProblem::busy, asked};
    if (holds_word(refusal.description, "too big"))
        return {MediaProblem::too_big, asked};
    return {refusal.told && refusal.code == 400 ? MediaProblem::gone : MediaProblem::unreadable, asked};
}

} // namespace

std::optional<HttpRequest> ask_for_media(channel::Account const& account, MediaReference const& media)
{
    auto const tokens = tokens_of(account);
    if (tokens.empty() || media.external_id.empty())
        return std::nullopt;
    return ask_with(account, media, tokens.front());
}

channel::MediaStep media_step(channel::Account const& account, MediaReference const& media, std::span<HttpResponse const> so_far)
{
    auto const tokens = tokens_of(account);
    if (media.external_id.empty())
        return channel::NoMediaLink{MediaProblem::unsupported};
    if (tokens.empty())
        return channel::NoMediaLink{MediaProblem::credentials};
    bool const token_refused = std::all_of(so_far.begin(), so_far.end(), is_token_refused);
    if (token_refused && so_far.size() < tokens.size())
        return ask_with(account, media, tokens[so_far.size()]);
    auto const& answer = so_far.back();
    if (answer.status < 200 || answer.status >= 300)
        return no_link(answer);
    return read_link(account, answer, tokens[std::min(so_far.size(), tokens.size()) - 1]);
}

} // namespace deskbridge::telegram
