#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <vector>

namespace deskbridge::signed_http {

/// One post to the account's endpoint: schemas/json/signed_outbound.schema.json has its body. `webhook-id` is the attempt's
/// token, so the app may drop what it has seen before.
[[nodiscard]] channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery,
                                          std::span<HttpResponse const> so_far);

/// Any file of a known type; what pictures, sound and films are, apps show by themselves.
[[nodiscard]] std::vector<channel::FileRule> file_rules();

/// The file's address is its id: nobody needs to be asked. It is fetched from the hosts that the account names, with no
/// credentials of ours.
[[nodiscard]] channel::MediaStep media_link(channel::Account const& account, MediaReference const& media);

} // namespace deskbridge::signed_http
