#include "command_line.hpp"

#include "forked.hpp"
#include "support/read_file.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace deskbridge;
namespace fs = std::filesystem;

namespace {

std::string const photo(100'000, '\x9b');

/// Each file of a folder with its mode; what mkstemp made up of its name is "*".
std::string listed(fs::path const& folder)
{
    std::string out;
    for (auto const& entry : fs::directory_iterator{folder}) {
        auto const name = entry.path().filename().string();
        auto const dot = name.rfind('.');
        out += name.substr(0, dot) + (name.size() - dot == 7 ? ".*" : name.substr(dot)) +
               ((entry.status().permissions() & fs::perms{077}) == fs::perms::none ? " private\n" : " open\n");
    }
    return out;
}

/// A daemon with one ticket and one file, in a process of its own.
class OneFile {
public:
    /// @param given   of the file, before the connection ends
    /// @param signal  that whoever asks for the file gets instead of an answer; 0: none
    OneFile(fs::path socket, fs::path watched, std::size_t given, int signal)
        : watched_{std::move(watched)}, seen_{socket.string() + ".seen"}, given_{given}, signal_{signal}
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        socket.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr const*>(&address), sizeof(address)) == 0);
        REQUIRE(::listen(listener_, 8) == 0);
        child_ = ::fork();
        if (child_ == 0)
            for (;;)
                serve(::accept(listener_, nullptr, nullptr));
    }
    ~OneFile()
    {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
        ::close(listener_);
    }
    OneFile(OneFile const&) = delete;
    OneFile& operator=(OneFile const&) = delete;

    /// The watched folder when the file was asked for.
    [[nodiscard]] std::string seen() const { return test::try_read_file(seen_).value_or(""); }

private:
    void serve(int client) const
    {
        std::string asked;
        std::array<char, 4096> piece{};
        while (asked.find("\r\n\r\n") == std::string::npos)
            if (auto const n = ::read(client, piece.data(), piece.size()); n > 0)
                asked.append(piece.data(), static_cast<std::size_t>(n));
            else
                ::_exit(1);
        if (asked.starts_with("GET /v1/tickets/"))
            tell(client, R"({"number":1,"timeline":[{"id":1,"attachments":[{"id":17}]}],"earlier":false})", std::string::npos);
        else
            give(client);
        ::close(client);
    }
    void give(int client) const
    {
        std::ofstream{seen_} << listed(watched_);
        ucred peer{};
        socklen_t size = sizeof(peer);
        ::getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size);
        char rest = 0;
        if (signal_ != 0 && ::kill(peer.pid, signal_) == 0)
            (void)!::read(client, &rest, 1); // until it is gone
        else
            tell(client, photo, given_);
    }
    static void tell(int client, std::string const& body, std::size_t bytes)
    {
        auto const answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, bytes);
        for (std::size_t at = 0; at < answer.size();)
            if (auto const n = ::send(client, answer.data() + at, answer.size() - at, MSG_NOSIGNAL); n > 0)
                at += static_cast<std::size_t>(n);
            else
                return;
    }

    fs::path watched_;
    fs::path seen_;
    std::size_t given_;
    int signal_;
    int listener_{-1};
    pid_t child_{-1};
};

struct Saving {
    test::ScratchFolder const sockets{};
    test::ScratchFolder const folder{};
    fs::path target{folder.path() / "parcel.jpg"};

    test::Ran run(std::string const& file, std::vector<std::string> more = {}) const
    {
        std::vector<std::string> words{"ticket", "attachment", "save", "1", "17", file, "--socket", (sockets.path() / "s").string()};
        words.insert(words.end(), more.begin(), more.end());
        return test::run({std::move(words)});
    }
};

} // namespace

TEST_CASE("attachment save: a whole file takes its place, written beside it by a name of its own and for its user alone")
{
    Saving saving;
    OneFile const desk{saving.sockets.path() / "s", saving.folder.path(), photo.size(), 0};
    auto const ran = saving.run(saving.target.string());
    CHECK(ran.said == "saved " + saving.target.string() + " (98 KiB)\n");
    CHECK(ran.status == app::exit_ok);
    CHECK(desk.seen() == "parcel.jpg.* private\n");
    CHECK(listed(saving.folder.path()) == "parcel.jpg private\n");
    CHECK(test::read_file(saving.target) == photo);
    CHECK(saving.run(saving.target.string()).status == app::exit_conflict);
    CHECK(saving.run("-").told == photo);
}

TEST_CASE("attachment save: of a file that was cut short nothing stays, and what was there does")
{
    auto const given = GENERATE(as<std::size_t>{}, 0, 1, 70'000, 99'999);
    INFO(given);
    Saving saving;
    OneFile const desk{saving.sockets.path() / "s", saving.folder.path(), given, 0};
    CHECK(saving.run(saving.target.string()).status == app::exit_temporary);
    CHECK(desk.seen() == "parcel.jpg.* private\n");
    CHECK(listed(saving.folder.path()).empty());
    std::ofstream{saving.target} << "before";
    CHECK(saving.run(saving.target.string(), {"--force"}).status == app::exit_temporary);
    CHECK(test::read_file(saving.target) == "before");
    CHECK(std::distance(fs::directory_iterator{saving.folder.path()}, {}) == 1);
}

TEST_CASE("attachment save: nor does it of one that a signal ended")
{
    int const signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
    INFO(signal);
    Saving saving;
    OneFile const desk{saving.sockets.path() / "s", saving.folder.path(), photo.size(), signal};
    CHECK(saving.run(saving.target.string()).signal == signal);
    CHECK(desk.seen() == "parcel.jpg.* private\n");
    CHECK(listed(saving.folder.path()).empty());
}

TEST_CASE("attachment save: where nothing can be written it says so")
{
    Saving saving;
    OneFile const desk{saving.sockets.path() / "s", saving.folder.path(), photo.size(), 0};
    auto const file = (saving.folder.path() / "none" / "x.jpg").string();
    auto const ran = saving.run(file);
    CHECK(ran.status == app::exit_failure);
    CHECK(ran.said == "error: " + file + " cannot be written\n");
    std::filesystem::create_directory(saving.target);
    CHECK(saving.run(saving.target.string(), {"--force"}).status == app::exit_failure);
    CHECK(std::distance(fs::directory_iterator{saving.folder.path()}, {}) == 1);
}
