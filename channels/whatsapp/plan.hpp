#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// The messages that `content` becomes, each within the limits: long text in several, of which the last carries the buttons
/// or the list and the first the quote; more buttons than fit become rows, more rows than fit several lists; labels are
/// shortened and made distinct; template parameters lose what Meta refuses. Blank content answers none.
/// Source: developers.facebook.com, WhatsApp "Send messages" and its pages per type (2026-10).
[[nodiscard]] std::vector<OutboundContent> plan_messages(OutboundContent const& content, channel::Capabilities const& can);

} // namespace deskbridge::whatsapp
