#include "deskbridge/core/timeline.hpp"

namespace deskbridge {

std::optional<std::int64_t> position_of_late(std::span<OnScreen const> newest_first, Timestamp sent_at, MessageId answers) noexcept
{
    std::optional<std::int64_t> behind; // it stands before this one
    for (auto const& shown : newest_first) {
        if (shown.sent_at <= sent_at || (answers && shown.id == answers))
            return behind ? std::optional{shown.position + (*behind - shown.position) / 2} : std::nullopt;
        behind = shown.position;
    }
    return behind ? std::optional{*behind - position_of(MessageId{1}) / 2} : std::nullopt;
}

} // namespace deskbridge
