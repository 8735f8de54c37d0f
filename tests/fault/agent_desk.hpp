#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace fault {

/// An agent at the daemon's control socket, in JSON.
class AgentDesk {
public:
    explicit AgentDesk(std::filesystem::path socket) : socket_{std::move(socket)} {}
    struct Answer {
        int status{0}; ///< 0: none came
        nlohmann::json body;
    };
    [[nodiscard]] Answer ask(std::string const& method, std::string const& path, nlohmann::json const& body = {}, std::string const& key = {}) const;

    /// Answers the message's number; 0 if the daemon did not take it. The text is its own idempotency key.
    [[nodiscard]] long replies(long ticket, std::string const& text) const;
    /// What `outbox show` tells of a message's only part: `state`, `attempts`, …; an empty object if there is none.
    [[nodiscard]] nlohmann::json story(long message) const;
    /// Intents in these states, newest first, up to 200, and the page that they are on.
    [[nodiscard]] nlohmann::json outbox(std::string const& states) const;
    [[nodiscard]] bool resolves(long message, std::string const& verdict) const;
    [[nodiscard]] bool cancels(long message) const;
    [[nodiscard]] bool resumes() const;

private:
    std::filesystem::path socket_;
};

} // namespace fault
