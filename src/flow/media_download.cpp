#include "deskbridge/flow/media.hpp"

#include <limits>
#include <optional>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t max_steps = 4;  // requests towards one link
constexpr int max_links = 3;          // of one try
constexpr int max_redirects = 3;
constexpr auto api_patience = 30s;
constexpr auto shortest_download = 60s;
constexpr std::uint64_t slowest = 64u << 10; // bytes a second; what is slower is tried again

std::chrono::milliseconds download_patience(std::uint64_t bytes)
{
    return shortest_download + std::chrono::seconds{bytes / slowest};
}

MediaProblem problem_of(net::NoAnswer const& none)
{
    return none.why.starts_with("forbidden") ? MediaProblem::forbidden : MediaProblem::unreachable;
}

bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Where a redirect leads, without our credentials: they are for the host that the provider named, and for no other.
std::optional<HttpRequest> redirected(HttpResponse const& answer)
{
    auto const location = answer.headers.find("Location");
    if (!location || location->find("://") == std::string_view::npos)
        return std::nullopt;
    return HttpRequest{"GET", std::string{*location}, {}, {}};
}

/// Takes a body into a draft, up to a limit.
struct Inflow {
    store::MediaDraft& draft;
    std::uint64_t limit;
    bool too_big{false};
    bool refused{false};

    bool take(std::string_view bytes)
    {
        too_big = too_big || draft.size() + bytes.size() > limit;
        refused = refused || (!too_big && !draft.append(bytes));
        return !too_big && !refused;
    }
};

} // namespace

asio::awaitable<net::Answer> HttpMediaNet::ask(HttpRequest& request, std::chrono::milliseconds limit)
{
    co_return co_await client_.send(request, limit);
}

asio::awaitable<net::Answer> HttpMediaNet::fetch(HttpRequest& request, net::OutsideRules const& rules,
                                                 std::function<bool(std::string_view)> const& on_data,
                                                 std::chrono::milliseconds limit)
{
    co_return co_await client_.fetch(request, rules, on_data, limit);
}

asio::awaitable<MediaFetcher::Fetched> MediaFetcher::try_fetch(channel::AccountContext const& account,
                                                               store::Attachment const& attachment)
{
    for (int links = 0; links < max_links; ++links) {
        auto const link = co_await find_link(account, attachment.media.reference);
        if (auto const* trouble = std::get_if<Trouble>(&link))
            co_return *trouble;
        auto fetched = co_await download(std::get<channel::MediaLink>(link), attachment.media.reference);
        auto const* trouble = std::get_if<Trouble>(&fetched);
        if (!trouble || trouble->problem != MediaProblem::link_expired)
            co_return fetched;
    }
    co_return Trouble{MediaProblem::link_expired};
}

asio::awaitable<MediaFetcher::Link> MediaFetcher::find_link(channel::AccountContext const& account, MediaReference const& reference)
{
    std::vector<HttpResponse> so_far;
    while (so_far.size() <= max_steps) {
        auto step = account.adapter->media_step(account.account, reference, so_far);
        if (auto* link = std::get_if<channel::MediaLink>(&step))
            co_return std::move(*link);
        if (auto const* none = std::get_if<channel::NoMediaLink>(&step))
            co_return Trouble{none->problem, none->asked};
        auto answer = co_await parts_.net.ask(std::get<HttpRequest>(step), api_patience);
        if (std::holds_alternative<net::NoAnswer>(answer))
            co_return Trouble{MediaProblem::unreachable};
        so_far.push_back(std::move(std::get<HttpResponse>(answer)));
    }
    co_return Trouble{MediaProblem::unreadable};
}

asio::awaitable<MediaFetcher::Fetched> MediaFetcher::download(channel::MediaLink const& link, MediaReference const& reference)
{
    auto const limit = max_media_bytes(reference.mime_type, settings_.max_bytes);
    if (link.size.value_or(0) > limit)
        co_return Trouble{MediaProblem::too_big};
    std::optional<Result<store::MediaDraft>> draft;
    auto begin = [&] { draft.emplace(parts_.folder.draft()); };
    co_await parts_.pool.run(begin);
    if (!*draft)
        co_return not_written(draft->error());
    auto fetched = co_await fill(**draft, link, reference);
    auto end = [&] { draft.reset(); }; // what is not kept is removed
    co_await parts_.pool.run(end);
    co_return fetched;
}

asio::awaitable<MediaFetcher::Fetched> MediaFetcher::fill(store::MediaDraft& draft, channel::MediaLink const& link,
                                                          MediaReference const& reference)
{
    auto const limit = max_media_bytes(reference.mime_type, settings_.max_bytes);
    Inflow inflow{draft, limit};
    std::function<bool(std::string_view)> const on_data = [&inflow](std::string_view bytes) { return inflow.take(bytes); };
    net::OutsideRules rules;
    rules.hosts = link.hosts;
    rules.loopback = link.loopback;
    rules.max_body = std::numeric_limits<std::size_t>::max() / 2; // `inflow` knows which limit it met
    auto request = link.request;
    for (int hops = 0; hops <= max_redirects; ++hops) {
        auto const answer = co_await parts_.net.fetch(request, rules, on_data, download_patience(link.size.value_or(limit)));
        if (inflow.too_big)
            co_return Trouble{MediaProblem::too_big};
        if (inflow.refused)
            co_return not_written(draft.keep().error());
        if (auto const* none = std::get_if<net::NoAnswer>(&answer))
            co_return Trouble{problem_of(*none)};
        auto const& response = std::get<HttpResponse>(answer);
        if (response.status == 200)
            co_return co_await keep(draft, link, reference);
        auto next = is_redirect(response.status) ? redirected(response) : std::nullopt;
        if (!next)
            co_return Trouble{problem_of_download(response.status)};
        request = std::move(*next);
    }
    co_return Trouble{MediaProblem::unreadable};
}

asio::awaitable<MediaFetcher::Fetched> MediaFetcher::keep(store::MediaDraft& draft, channel::MediaLink const& link,
                                                          MediaReference const& reference)
{
    auto keep_it = [&] { return store::keep_file(draft, reference.mime_type); };
    auto const& told = link.sha256.empty() ? reference.sha256 : link.sha256;
    bool const whole = link.size ? *link.size == draft.size() : draft.size() != 0;
    if (!whole || (!told.empty() && told != draft.sha256()))
        co_return Trouble{MediaProblem::damaged};
    auto kept = co_await parts_.pool.run(keep_it);
    if (!kept)
        co_return not_written(kept.error());
    co_return std::move(*kept);
}

MediaFetcher::Trouble MediaFetcher::not_written(Error const& error)
{
    parts_.log.error("media_not_written", {{"reason", error.detail}});
    return Trouble{MediaProblem::storage};
}

} // namespace deskbridge::flow
