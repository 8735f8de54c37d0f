#pragma once

#include "arguments.hpp"
#include "canary_places.hpp"
#include "command_line.hpp"
#include "daemon.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fault {

namespace canary {
inline constexpr char const* app_secret = "c4n4ryAppSecretOne9f3e7b1d5a8c2e6f";
inline constexpr char const* app_secret_next = "c4n4ryNextAppSecret5b7d9f1a3c5e7a9b";
inline constexpr char const* token_in_environment = "EAAGc4n4ryTokenEnvQx7Lw3Rz9Tb5Vn1Kd8Mf2Hs6";
inline constexpr char const* token_in_file = "EAAJc4n4ryTokenFilePw2Nz8Xb4Rk6Ty1Ju3Wq5";
inline constexpr char const* verify_token = "c4n4ry/Verify+Token=&9xK2mQ7vZ4\"tR";
inline constexpr char const* words = "Gr\u00fc\u00dfelfunk quolfenzauber zwirbeltatze";
inline constexpr char const* name = "Wilhelmzyx Quobelfantritz";
inline constexpr char const* number = "4915168429753";
inline constexpr char const* file = "schnurbelwackelzangen0815";
inline constexpr char const* reply = "Antwortquaxel brummselwurz";
} // namespace canary

/// A daemon all of whose secrets are canaries, from a file, the environment and a credential, two of them in rotation.
class CanaryScene {
public:
    /// `format`: of the log.
    CanaryScene(std::filesystem::path const& program, std::string format);

    /// Writes the configuration, with the provider at this base.
    void configure(std::string const& api_base) const;
    /// A configuration of its own: the usual one with this line instead of the one with the same key.
    [[nodiscard]] std::filesystem::path variant(std::string_view key, std::string const& line) const;

    /// A command; what it prints goes to the place "commands of operators" or "commands of agents".
    int operators_run(std::string const& command) { return run(desk(), command, "commands of operators", Place::May::nothing); }
    int agents_run(std::string const& command) { return run(desk(), command, "commands of agents", Place::May::customers); }
    int run(CommandLine const& commands, std::string const& command, std::string_view place, Place::May may);
    /// Sends these bytes to the public listener; the whole answer goes to the place "public answers". Answers the status.
    int ask(std::string const& request);
    /// The figures as they are now, to the place "metrics".
    void scrape();
    /// Posts a webhook with the signature that `secret` makes.
    int post(std::string const& body, std::string_view secret);

    /// How often the log says so.
    [[nodiscard]] std::size_t logged(std::string_view words) const;
    /// Does `act`, and waits until the log says so once more than before.
    template <class Act>
    void until_logged(std::string_view words, Act const& act)
    {
        auto const before = logged(words);
        act();
        await(words, before + 1);
    }
    void hang_up();

    [[nodiscard]] CommandLine desk() const { return {program, daemon.configuration()}; }
    [[nodiscard]] std::vector<Canary> canaries() const;
    /// Files that hold the secrets because an operator put them there.
    [[nodiscard]] std::vector<std::filesystem::path> of_operators() const;

    std::filesystem::path program;
    ScratchFolder folder;
    Daemon daemon;
    Places places;
    std::string tls_key; ///< a part of the one that was made for a start; "" before

private:
    void await(std::string_view words, std::size_t count) const;
    [[nodiscard]] std::string configuration(std::string const& api_base) const;
    std::string format_;
};

} // namespace fault
