#include "deskbridge/channel/answer.hpp"

#include "deskbridge/channel/url.hpp"

#include <fmt/format.h>

namespace deskbridge::channel {

Outcome outcome_of_stranger(HttpResponse const& response, std::string_view provider)
{
    constexpr int request_timeout = 408;
    constexpr int too_many_requests = 429;
    auto const asked = retry_after(response).value_or(std::chrono::seconds{0});
    auto why = fmt::format("The answer (HTTP {}) did not come from {} itself.", response.status, provider);
    if (response.status == too_many_requests || response.status == request_timeout)
        return NotSent{std::move(why), asked, NotSent::Slows::account, {}};
    if (response.status >= 300 && response.status < 500)
        return Refused{why + " Check api_base and any proxy in between.", Refused::Because::account, {}};
    return Unknown{std::move(why), {}};
}

} // namespace deskbridge::channel
