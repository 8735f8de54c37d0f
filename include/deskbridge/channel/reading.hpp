#pragma once

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/channel/json.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::channel {

// What adapters read a body with. Pure; any thread.

inline constexpr std::size_t longest_id = 512; ///< bytes of a provider's id; longer ones are not taken

/// A name or number that must fit into a key: text or integer, not empty, at most `longest_id` bytes; else "".
[[nodiscard]] std::string name_at(Json const& node, std::string_view pointer);

/// The same of an id: "" also if it was not UTF-8, for several ids become one when their broken bytes are replaced.
[[nodiscard]] std::string id_at(Json const& node, std::string_view pointer);

/// A text from outside, cleaned, be it written as a number; "" if it is absent.
[[nodiscard]] std::string words_at(Json const& node, std::string_view pointer);

/// The name of a file as it may be shown: no path, one line, no direction marks; "" if it is absent.
[[nodiscard]] std::string file_name_at(Json const& node, std::string_view pointer);

/// "Home, Lindenstr. 1 (52.52, 13.405)" of {"latitude", "longitude", "name", "address"}; nullopt without both coordinates.
[[nodiscard]] std::optional<std::string> render_place(Json const& place);

/// "+49 (151) 123-456" -> "49151123456"; "" if there is anything else in it, or it is longer than any number.
[[nodiscard]] std::string phone_digits(std::string_view written);

/// The first 32 hex digits of the hash of these texts and of their lengths.
[[nodiscard]] std::string fingerprint(std::initializer_list<std::string_view> texts);
/// The same of a node; members in any order give the same.
[[nodiscard]] std::string fingerprint(Json const& node);

/// The details of a notice: the node as JSON, or only its size when it is too big to keep beside the journal.
[[nodiscard]] std::string render_details(Json const& details);

/// Collects the events of one body, and what could not be read, so that one bad part never loses its siblings.
class Collector {
public:
    Collector(Hook const& hook, Timestamp received_at) : hook_{hook}, received_at_{received_at} {}

    void add(std::string account_number, std::string key, EventBody body);
    /// A notice about the account, the chat or a template. Its key is the hash of what makes it different from others.
    void notice(std::string account_number, ChannelNotice body, std::string_view hash);
    void unreadable(std::string account_number, Json const& node, std::string_view why);

    [[nodiscard]] Hook const& hook() const noexcept { return hook_; }
    [[nodiscard]] Timestamp received_at() const noexcept { return received_at_; }
    /// Errors: malformed (there was something, and none of it could be read).
    [[nodiscard]] Result<Intake> finish() &&;

private:
    Hook const& hook_;
    Timestamp received_at_;
    std::vector<InboundEvent> events_;
    std::size_t unread_{0};
    std::string first_reason_;
};

} // namespace deskbridge::channel
