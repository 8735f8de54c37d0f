#include "problem.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string_view>

namespace deskbridge::api {
namespace {

using nlohmann::ordered_json;

struct Kind {
    int status;
    std::string_view slug;
    std::string_view title;
};

Kind kind_of(Fault fault)
{
    switch (fault) {
    case Fault::malformed: return {422, "validation", "The request is not valid"};
    case Fault::not_found: return {404, "not-found", "There is no such thing"};
    case Fault::conflict: return {409, "conflict", "Not possible as things stand"};
    case Fault::forbidden: return {403, "forbidden", "You may not do this"};
    case Fault::unavailable: return {503, "maintenance", "Try again in a moment"};
    case Fault::storage: return {500, "storage", "The store could not do it"};
    }
    return {500, "storage", "The store could not do it"};
}

HttpResponse render(Kind const& kind, std::string const& detail, ordered_json const& more = ordered_json::object())
{
    ordered_json body{{"type", "/problems/" + std::string{kind.slug}},
                      {"title", kind.title},
                      {"status", kind.status},
                      {"detail", detail},
                      {"retryable", kind.status == 503}};
    body.update(more);
    HttpResponse response;
    response.status = kind.status;
    response.headers.add("Content-Type", "application/problem+json");
    if (kind.status == 503)
        response.headers.add("Retry-After", "1");
    response.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return response;
}

} // namespace

HttpResponse problem_of(Error const& error)
{
    return render(kind_of(error.fault), error.detail);
}

HttpResponse invalid_fields(std::vector<FieldError> const& errors)
{
    auto list = ordered_json::array();
    std::string first = "the request is not valid";
    for (auto const& error : errors)
        list.push_back({{"pointer", error.pointer}, {"detail", error.detail}});
    if (!errors.empty())
        first = (errors.front().pointer.empty() ? "" : errors.front().pointer + ": ") + errors.front().detail;
    return render(kind_of(Fault::malformed), first, {{"errors", std::move(list)}});
}

HttpResponse beyond_head(std::int64_t asked, std::int64_t head)
{
    auto const detail = fmt::format("the event log ends at {}, and {} is beyond it: perhaps an older copy of the database was "
                                    "restored; load anew, then go on after {}", head, asked, head);
    return render({409, "events-reset", "There is no such event yet"}, detail, {{"head", head}});
}

HttpResponse too_large(std::string const& detail)
{
    return render({413, "payload-too-large", "That is too much"}, detail);
}

HttpResponse other_media_type(std::string_view told)
{
    return render({415, "unsupported-media-type", "That is no JSON"},
                  fmt::format("the body is said to be {}; send JSON, with Content-Type: application/json", told));
}

HttpResponse unauthenticated()
{
    return render({401, "unauthenticated", "Who are you?"}, "this resource answers on the control socket only");
}

} // namespace deskbridge::api
