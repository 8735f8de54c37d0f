#pragma once

#include "daemon.hpp"
#include "http.hpp"
#include "small_disk.hpp"

#include "arguments.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace fault {

constexpr std::uint64_t mib = 1 << 20;

/// The daemon on its small disk, whoever writes to it, and what they were answered.
class DiskScene {
public:
    struct Setup {
        std::string media{};               ///< lines of its section of the configuration
        ProviderSink::Instead provider{};
        bool log_elsewhere{false};         ///< not on the disk that gets full
    };
    DiskScene(std::string const& program, Setup const& setup);

    /// A customer's message; answers the status, and remembers what was promised.
    int post(int customer, std::size_t words = 20);
    /// The same with a photo, which the provider has.
    int post_photo(int customer);
    [[nodiscard]] int ready() const { return HttpConnection{daemon.port()}.get("/readyz"); }
    /// A series of /metrics; -1: it is not there.
    [[nodiscard]] double metric(std::string const& name) const;
    /// One of the program's own commands; answers its exit status.
    [[nodiscard]] int run(std::string const& command) const;
    /// What the latest command said on standard error.
    [[nodiscard]] std::string said() const;
    /// The space is back: how long until webhooks are taken again, in milliseconds.
    long heal();
    /// What must hold while nothing new can be taken: refused and told, with all that is there to be read.
    void expect_refusals(std::string const& when);
    void expect_readable(std::string const& when) const;
    /// Ends the daemon. Nothing that was answered 200 is missing, nothing is there twice, nothing is damaged.
    void judge();
    [[nodiscard]] std::size_t promised() const noexcept { return promised_.size(); }
    [[nodiscard]] std::filesystem::path const& folder() const noexcept { return folder_.path(); }

private:
    int post_content(int customer, std::string_view content);
    void configure(Setup const& setup) const;
    [[nodiscard]] std::filesystem::path said_file() const { return folder_.path() / "said"; }
    std::string program_;
    ScratchFolder folder_;
    int posts_{0};
    std::set<std::string> promised_;
    std::set<std::string> refused_;

public:
    ProviderSink sink;
    SmallDisk disk;
    Daemon daemon;
};

} // namespace fault
