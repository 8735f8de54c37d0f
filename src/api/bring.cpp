#include "bring.hpp"

#include "fields.hpp"
#include "problem.hpp"
#include "requests.hpp"
#include "shapes.hpp"

#include "deskbridge/core/media.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace deskbridge::api {

namespace asio = boost::asio;

namespace {

/// Writes on the reactor, into the page cache, as fetched files are; what waits for the disk happens on the pool.
class DraftSink final : public net::BodySink {
public:
    explicit DraftSink(store::MediaDraft draft) : draft_{std::move(draft)} {} // what is not kept goes with it

    void take(std::string_view bytes) override { refused_ = refused_ || !draft_.append(bytes); }

    [[nodiscard]] store::MediaDraft& draft() noexcept { return draft_; }

private:
    store::MediaDraft draft_;
    bool refused_{false}; ///< by the disk: `keep` says why
};

std::string announced_type(net::Request const& request)
{
    auto const told = std::string{request.http.headers.find("Content-Type").value_or("")};
    auto const by_name = type_of_name(query_parameter(request.http.target, "file_name").value_or(""));
    // The last one is what curl says of whatever it sends.
    bool const says_nothing = told.empty() || told == "application/octet-stream" || told == "application/x-www-form-urlencoded";
    return says_nothing ? std::string{by_name} : told;
}

std::uint64_t announced_size(net::Request const& request)
{
    auto const text = request.http.headers.find("Content-Length").value_or("");
    std::uint64_t size = 0;
    std::from_chars(text.data(), text.data() + text.size(), size);
    return size;
}

} // namespace

asio::awaitable<std::variant<HttpResponse, std::shared_ptr<net::BodySink>>> find_place(Api::Parts const& parts, net::Request const& request)
{
    if (!parts.media || !parts.media_pool)
        co_return problem_of(Error{Fault::unavailable, "files are not taken here"});
    auto const limit = max_media_bytes(announced_type(request), parts.max_file_bytes);
    if (announced_size(request) > limit)
        co_return too_large(fmt::format("a file of this kind may have {} bytes at most", limit));
    std::optional<Result<store::MediaDraft>> draft;
    auto begin = [&] {
        if (parts.media_room && !parts.media_room())
            draft.emplace(Error{Fault::unavailable, "the disk of the media folder is nearly full"});
        else
            draft.emplace(parts.media->draft());
    };
    co_await parts.media_pool->run(begin);
    if (!*draft)
        co_return problem_of(draft->error());
    std::shared_ptr<net::BodySink> sink = std::make_shared<DraftSink>(std::move(**draft));
    co_return sink;
}

asio::awaitable<net::Reply> bring(Api::Parts const& parts, desk::Caller const& caller, net::Request& request)
{
    auto* const sink = dynamic_cast<DraftSink*>(request.sink.get());
    if (sink == nullptr)
        co_return net::Reply{problem_of(Error{Fault::unavailable, "files are not taken here"})};
    desk::BringFile wanted;
    std::vector<FieldError> errors;
    check_parameters(request, parameters_of<desk::BringFile>, errors);
    read(request, wanted, errors);
    if (!errors.empty())
        co_return net::Reply{invalid_fields(errors)};
    wanted.mime_type = announced_type(request);
    auto keep = [&] { return store::keep_file(sink->draft(), wanted.mime_type); };
    auto kept = co_await parts.media_pool->run(keep);
    if (!kept) {
        parts.log.error("media_not_written", {{"reason", kept.error().detail}});
        co_return net::Reply{problem_of(kept.error())};
    }
    wanted.file = std::move(*kept);
    auto const brought = co_await parts.desk.perform(caller, wanted);
    if (!brought)
        co_return net::Reply{problem_of(brought.error())};
    HttpResponse response;
    response.status = 201;
    response.headers.add("Content-Type", "application/json");
    response.body = dump(shape(*brought));
    co_return net::Reply{std::move(response)};
}

} // namespace deskbridge::api
