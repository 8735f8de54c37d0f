#pragma once

#include "http.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

#include <sys/types.h>

namespace fault {

/// The daemon did not get ready; `what` has the end of its log.
struct NotReady : std::runtime_error {
    NotReady(int ended_with, std::string const& what) : std::runtime_error{what}, status{ended_with} {}
    int status; ///< what it exited with, or 128 + the signal; -1: it is still running
};

/// A TCP port of 127.0.0.1 that nobody else is given while this lives: bound, and not listened at. Whoever is to listen there sets
/// SO_REUSEADDR, as servers do.
class HeldPort {
public:
    HeldPort();
    ~HeldPort();
    HeldPort(HeldPort const&) = delete;
    HeldPort& operator=(HeldPort const&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int fd_;
    int number_{0};
};

/// The real program in a process of its own, with a state folder. Shares no code with it.
class Daemon {
public:
    /// Writes configuration and secrets into `folder`. `api_port`: where the provider sink listens.
    Daemon(std::filesystem::path program, std::filesystem::path folder, int api_port);
    ~Daemon();
    Daemon(Daemon const&) = delete;
    Daemon& operator=(Daemon const&) = delete;

    /// Starts and waits until /readyz answers 200; throws NotReady if it does not within `seconds`.
    /// Answers how long that took, in milliseconds.
    double start(int seconds = 60);
    /// From now on nobody reads its log: for the next start. What it writes there fails with EPIPE.
    void lose_log() noexcept { lose_log_ = true; }
    /// From the next start on its listener speaks TLS, with a certificate of its own.
    void speak_tls();
    /// How its listener is spoken to.
    [[nodiscard]] HttpConnection::Over over() const noexcept { return over_; }
    void hang_up();   ///< SIGHUP
    void kill();      ///< SIGKILL, then waits
    /// SIGTERM; answers the exit status, or -1 if it has not ended after 30 s and was killed.
    int terminate();
    /// SIGABRT, as after a broken invariant; answers what waitpid(2) said.
    int abort();
    [[nodiscard]] int port() const noexcept { return port_.number(); }
    [[nodiscard]] std::filesystem::path configuration() const { return folder_ / "deskbridge.toml"; }
    // The secrets, one line each; what is written there before the start is what holds.
    [[nodiscard]] std::filesystem::path app_secret_file() const { return folder_ / "app_secret"; }
    [[nodiscard]] std::filesystem::path token_file() const { return folder_ / "token"; }
    [[nodiscard]] std::filesystem::path verify_file() const { return folder_ / "verify"; }
    [[nodiscard]] std::filesystem::path socket() const { return folder_ / "c.sock"; }
    [[nodiscard]] std::filesystem::path database() const { return folder_ / "deskbridge.db"; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Resident memory in KiB, from /proc.
    [[nodiscard]] long resident_kib() const;
    /// Everything it has logged so far.
    [[nodiscard]] std::string log() const;

    static constexpr char const* app_secret = "storm-app-secret";
    static constexpr char const* token = "storm-token";
    static constexpr char const* phone_number_id = "700100200300400";

private:
    std::filesystem::path program_;
    std::filesystem::path folder_;
    HeldPort port_;
    pid_t pid_{-1};
    bool lose_log_{false};
    HttpConnection::Over over_{HttpConnection::Over::tcp};
};

/// What a process ended with, of waitpid's answer: its exit status, or 128 + the signal.
[[nodiscard]] int exit_status(int waited) noexcept;

/// A port that is held until this process ends.
[[nodiscard]] int free_port();

} // namespace fault
