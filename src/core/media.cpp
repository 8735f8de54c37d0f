#include "deskbridge/core/media.hpp"

#include "deskbridge/core/retry.hpp"

#include <algorithm>
#include <array>

namespace deskbridge {
namespace {

using namespace std::chrono_literals;

constexpr int until_the_end = 0; ///< tries: as many as the file's life has room for
constexpr RetryPolicy patience{.first = 5s, .ceiling = 1800s, .attempts = 0, .asked_ceiling = 3600s};

struct Row {
    MediaProblem problem;
    std::string_view word;
    int tries; ///< before it is final
    FetchVerdict::What in_the_end;
    std::string_view sentence;
};

using enum MediaProblem;
using What = FetchVerdict::What;

constexpr std::array<Row, 12> rows{{
    {unreachable, "unreachable", until_the_end, What::failed, "the provider could not be reached, or its answer broke off"},
    {busy, "busy", until_the_end, What::failed, "the provider has trouble of its own, or asks us to wait"},
    {credentials, "credentials", until_the_end, What::failed, "the provider does not accept the account's token: an administrator must renew it"},
    {link_expired, "link_expired", until_the_end, What::failed, "every link that the provider gave had expired when it was used"},
    {damaged, "damaged", 5, What::failed, "what arrived is not the file that the provider told of; ask the customer to send it again"},
    {unreadable, "unreadable", 5, What::failed, "the provider's answer could not be understood"},
    {gone, "gone", 3, What::expired, "the provider does not have the file any more; ask the customer to send it again"},
    {expired, "expired", 1, What::expired, "the provider keeps files for some days only, and that time is over; ask the customer to send it again"},
    {too_big, "too_big", 1, What::failed, "the file is larger than [media] max_bytes, or than a file of its type may be"},
    {forbidden, "forbidden", 1, What::failed, "the link leads to a place that files of this channel do not come from"},
    {unsupported, "unsupported", 1, What::failed, "files of this kind cannot be fetched from this channel"},
    {storage, "storage", until_the_end, What::failed, "it could not be written here; is the disk full?"},
}};

constexpr Row const& row_of(MediaProblem problem) noexcept
{
    return rows[static_cast<std::size_t>(problem)];
}

constexpr bool in_order() noexcept
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].problem) != i)
            return false;
    return true;
}
static_assert(in_order());

} // namespace

std::string_view render_media_problem(MediaProblem problem) noexcept
{
    return row_of(problem).word;
}

std::optional<MediaProblem> parse_media_problem(std::string_view word) noexcept
{
    auto const found = std::find_if(rows.begin(), rows.end(), [&](Row const& row) { return row.word == word; });
    if (found == rows.end())
        return std::nullopt;
    return found->problem;
}

std::string_view explain_media_problem(std::string_view word) noexcept
{
    auto const problem = parse_media_problem(word);
    return problem ? row_of(*problem).sentence : std::string_view{};
}

FetchVerdict judge_fetch(FailedFetch const& failed) noexcept
{
    auto const& row = row_of(failed.problem);
    if (row.tries != until_the_end && failed.failures >= row.tries)
        return {row.in_the_end, failed.problem, failed.now};
    auto const wait = next_wait(patience, failed.failures, failed.asked, failed.dice).value_or(patience.ceiling);
    auto const next_at = failed.now + wait;
    if (next_at >= failed.received_at + failed.life)
        return {What::expired, expired, failed.now};
    return {What::wait, failed.problem, next_at};
}

MediaProblem problem_of_download(int status) noexcept
{
    switch (status) {
    case 401:
    case 403:
    case 404:
    case 410: return link_expired;
    case 408:
    case 425:
    case 429: return busy;
    default: return status >= 500 ? busy : unreadable;
    }
}

std::uint64_t max_media_bytes(std::string_view announced_type, std::uint64_t configured) noexcept
{
    constexpr std::uint64_t mebibyte = 1u << 20;
    if (announced_type.starts_with("image/"))
        return std::min(configured, 32 * mebibyte);
    if (announced_type.starts_with("audio/"))
        return std::min(configured, 64 * mebibyte);
    return configured;
}

} // namespace deskbridge
