#include "fuzz/scenes.hpp"
#include "fuzz/target.hpp"

#include "deskbridge/channel/url.hpp"
#include "deskbridge/core/text.hpp"

#include <vector>

namespace deskbridge::fuzz {
namespace {

using test::Json;

/// What `next` says after this answer: the same twice, in words that can be stored, and never "sent" without an id.
void check_outcome(HttpResponse const& response, Outcome const& outcome)
{
    auto const told = test::render_outcome(outcome);
    (void)told.dump(); // throws on malformed UTF-8
    bool const success = response.status >= 200 && response.status < 300;
    if (auto const* accepted = std::get_if<Accepted>(&outcome))
        must(success && !accepted->id.value.empty() && accepted->id.value.size() <= 512, "accepted without success or id");
    if (success && response.body.empty())
        must(std::holds_alternative<Unknown>(outcome), "a success that says nothing is no verdict");
    if (auto const* not_sent = std::get_if<NotSent>(&outcome))
        must(not_sent->asked.count() >= 0 && not_sent->asked <= std::chrono::hours{24}, "a wait without measure");
}

void check_sending(test::ChannelScene const& scene, HttpResponse const& response)
{
    channel::Delivery const delivery{{"Hello", {}, {}, {}, {}}, scene.customer(), "", "att-1"};
    std::vector const history{response};
    auto const& adapter = scene.adapter();
    must(std::holds_alternative<channel::Step>(adapter.next(scene.account(), delivery, {})), "no first step");
    auto const step = adapter.next(scene.account(), delivery, history);
    auto const again = adapter.next(scene.account(), delivery, history);
    must(step.index() == again.index(), "the same history gives another step");
    if (auto const* outcome = std::get_if<Outcome>(&step)) {
        must(test::render_outcome(*outcome) == test::render_outcome(std::get<Outcome>(again)),
             "the same history gives another outcome");
        check_outcome(response, *outcome);
    }
}

/// A link to a file is an absolute URL on a host that the channel has named.
void check_media(test::ChannelScene const& scene, HttpResponse const& response)
{
    MediaReference const file{"1013859600285441", "image/jpeg", "photo.jpg", std::string(64, 'a')};
    std::vector const history{response};
    auto const step = scene.adapter().media_step(scene.account(), file, history);
    if (auto const* link = std::get_if<channel::MediaLink>(&step)) {
        must(link->request.method == "GET" && !link->hosts.empty(), "a link that is none, or may lead anywhere");
        must(link->sha256.empty() || (link->sha256.size() == 64 &&
             link->sha256.find_first_not_of("0123456789abcdef") == std::string::npos), "a digest that is none");
    }
}

} // namespace

/// Lines: status, Retry-After, Date; then the body of a provider's answer to a send, and to the question for a file's link.
void answer(std::string_view input)
{
    Cut cut{input};
    HttpResponse response;
    auto const status = cut.line();
    if (status.size() == 3 && status.find_first_not_of("0123456789") == std::string_view::npos)
        response.status = std::stoi(std::string{status});
    for (auto const* name : {"Retry-After", "Date"})
        if (auto const value = cut.line(); !value.empty())
            response.headers.add(name, std::string{value});
    response.body = cut.rest();
    auto const asked = channel::retry_after(response);
    must(!asked || (asked->count() >= 0 && *asked <= std::chrono::hours{1}), "a wait beyond an hour, or into the past");
    for (auto const& scene : scenes()) {
        check_sending(scene, response);
        check_media(scene, response);
    }
}

} // namespace deskbridge::fuzz
