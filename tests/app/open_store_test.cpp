#include "open_store.hpp"
#include "systemd.hpp"

#include "support/read_file.hpp"
#include "support/run_sql.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace deskbridge;
namespace fs = std::filesystem;

namespace {

/// Stands for systemd.
class NotifySocket {
public:
    explicit NotifySocket(fs::path const& path) : fd_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.native().copy(address.sun_path, sizeof address.sun_path - 1);
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
        listener_ = std::thread{[this] { listen(); }};
    }
    ~NotifySocket()
    {
        ::unsetenv("NOTIFY_SOCKET");
        if (listener_.joinable())
            (void)told();
        ::close(fd_);
    }
    NotifySocket(NotifySocket const&) = delete;
    NotifySocket& operator=(NotifySocket const&) = delete;

    /// All that it was told; it listens no more.
    std::vector<std::string> told()
    {
        app::notify_systemd(last_word);
        listener_.join();
        return all_;
    }

private:
    static constexpr std::string_view last_word = "that is all";

    void listen()
    {
        for (std::array<char, 256> word{};;) {
            auto const size = ::recv(fd_, word.data(), word.size(), 0);
            if (size < 0 || std::string_view{word.data(), static_cast<std::size_t>(size)} == last_word)
                return;
            all_.emplace_back(word.data(), static_cast<std::size_t>(size));
        }
    }

    int fd_;
    std::vector<std::string> all_;
    std::thread listener_;
};

} // namespace

TEST_CASE("systemd: while an older database is brought up to date the start may take longer")
{
    test::ScratchFolder folder;
    app::StoreConfig config;
    config.path = folder.path() / "d.db";
    auto const schema = test::read_file(fs::path{DESKBRIDGE_SOURCE_DIR} / "schemas" / "sql" / "0001_tickets.sql");
    test::run_sql(config.path, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;" + schema +
                                   "PRAGMA application_id = 1147880050; PRAGMA user_version = 1;");
    NoLog log;
    Metrics metrics;
    auto const told_at_start = [&](std::string const& name) {
        NotifySocket systemd{folder.path() / name};
        REQUIRE(app::open_store(config, log, metrics).has_value());
        return systemd.told();
    };
    auto const told = told_at_start("first");
    CHECK(told.size() >= 19); // once for each migration at least
    for (auto const& word : told)
        CHECK(word == "EXTEND_TIMEOUT_USEC=600000000");
    CHECK(told_at_start("second").empty());
}
