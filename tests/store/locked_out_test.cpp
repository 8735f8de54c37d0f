#include "child.hpp"
#include "scene.hpp"
#include "store/lock_holder.hpp"
#include "support/first_connection.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <mutex>

#include <unistd.h>

using namespace deskbridge;
using namespace deskbridge::store;
using namespace deskbridge::test;

namespace {

/// Keeps what was logged, by whichever thread.
class Lines final : public Log {
public:
    void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override
    {
        std::string line{event};
        for (auto const& field : fields)
            line.append(" ").append(field.key).append("=").append(field.value);
        std::lock_guard const lock{mutex_};
        lines_.push_back(std::move(line));
    }
    [[nodiscard]] std::ptrdiff_t count(std::string const& words) const
    {
        std::lock_guard const lock{mutex_};
        return std::count_if(lines_.begin(), lines_.end(), [&](auto const& line) { return line.find(words) != std::string::npos; });
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

/// Another program that begins a transaction in the database when it is told to, and keeps it until it is killed.
class Outsider {
public:
    explicit Outsider(std::filesystem::path const& file)
    {
        REQUIRE((::pipe(go_.data()) == 0 && ::pipe(done_.data()) == 0));
        child_ = in_child([this, file] {
            char word = 0;
            sqlite3* db = nullptr;
            (void)!::read(go_[0], &word, 1);
            bool const holds = sqlite3_open(file.c_str(), &db) == SQLITE_OK &&
                               sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK;
            (void)!::write(done_[1], holds ? "y" : "n", 1);
            (void)!::read(go_[0], &word, 1);
        });
    }
    ~Outsider()
    {
        end();
        for (int const fd : {go_[0], go_[1], done_[0], done_[1]})
            ::close(fd);
    }
    Outsider(Outsider const&) = delete;
    Outsider& operator=(Outsider const&) = delete;

    [[nodiscard]] bool begins()
    {
        char word = 0;
        return ::write(go_[1], "g", 1) == 1 && ::read(done_[0], &word, 1) == 1 && word == 'y';
    }
    void end()
    {
        if (child_ <= 0)
            return;
        ::kill(child_, SIGKILL);
        (void)status_of(child_);
        child_ = -1;
    }
    [[nodiscard]] pid_t process() const noexcept { return child_; }

private:
    std::array<int, 2> go_{};
    std::array<int, 2> done_{};
    pid_t child_{-1};
};

} // namespace

TEST_CASE("locked out: who keeps the daemon from writing is named once, and that it let go")
{
    ScratchFolder const folder;
    auto const file = folder.path() / "d.db";
    Outsider outsider{file}; // before this process has opened it
    Lines log;
    Metrics metrics;
    FirstConnection const writer;
    auto const opened = Store::open({.path = file}, log, metrics);
    REQUIRE(opened.has_value());
    auto& store = **opened;
    auto const write = [&store] { return store.write_now([](Tx& tx) { put(tx, "x"); }); };
    CHECK(write().has_value());
    writer.give_up_at_once();
    REQUIRE(outsider.begins());
    for (int i = 0; i < 3; ++i) {
        auto const refused = write();
        REQUIRE(refused.has_error());
        CHECK(refused.error().fault == Fault::unavailable);
    }
    CHECK(log.count("store_locked_out") == 1);
    CHECK(log.count("holder=test_store (process " + std::to_string(outsider.process()) + ")") == 1);
    CHECK(log.count("store_batch_undone") == 0);
    CHECK(log.count("store_let_in") == 0);
    outsider.end();
    CHECK(write().has_value());
    CHECK(write().has_value());
    CHECK(log.count("store_let_in") == 1);
}

TEST_CASE("locked out: nobody is named who does not hold the lock, and not this process itself")
{
    ScratchFolder const folder;
    auto const file = folder.path() / "d.db";
    CHECK(find_write_locker(file) == "another program"); // not even there
    NoLog log;
    Metrics metrics;
    auto const opened = Store::open({.path = file}, log, metrics);
    REQUIRE(opened.has_value());
    auto const written = (*opened)->write_now([&](Tx& tx) {
        put(tx, "x");
        CHECK(find_write_locker(file) == "another program");
    });
    CHECK(written.has_value());
}
