#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::acme {

[[nodiscard]] channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery,
                                          std::span<HttpResponse const> so_far);

} // namespace deskbridge::acme
