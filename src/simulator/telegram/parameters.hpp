#pragma once

#include "multipart.hpp"
#include "telegram/bot_error.hpp"

#include <map>
#include <optional>
#include <variant>

namespace deskbridge::simulator::telegram {

/// What a call was given, whichever of the four ways it came: query, urlencoded, JSON, multipart. All values are texts, as they
/// are on Telegram's own server: "17" is as good as 17, and an object may be its JSON.
/// Source: core.telegram.org/bots/api#making-requests (Bot API 10.1, 2026-11).
class Parameters {
public:
    /// Files are views into `request`, which must outlive this.
    [[nodiscard]] static std::variant<Parameters, BotError> read(HttpRequest const& request);
    /// Of a call inside a webhook's answer.
    [[nodiscard]] static Parameters of_object(Json const& object);

    /// Nullopt if it is absent or empty, as far as the server makes a difference.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    /// Null if it is absent; a discarded value if it is no JSON.
    [[nodiscard]] Json json(std::string_view name) const;
    /// The file uploaded under that name, or the one that "attach://<name>" refers to.
    [[nodiscard]] FormPart const* file(std::string_view name) const;

    /// For the ledger: everything but files' bytes and secrets.
    [[nodiscard]] Json row() const;
    /// Is every text valid UTF-8?
    [[nodiscard]] bool readable() const;

private:
    void take_object(Json const& object);
    void take_pairs(std::string_view pairs);

    std::map<std::string, std::string, std::less<>> values_;
    std::vector<FormPart> files_;
};

} // namespace deskbridge::simulator::telegram
