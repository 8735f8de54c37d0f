#include "logging.hpp"

#include "support/read_file.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <functional>

#include <fcntl.h>
#include <unistd.h>

using namespace deskbridge;

namespace {

/// What `work` writes to standard error.
std::string caught(std::function<void()> const& work)
{
    char name[] = "/tmp/deskbridge-log-XXXXXX";
    int const file = ::mkstemp(name);
    int const kept = ::dup(STDERR_FILENO);
    ::dup2(file, STDERR_FILENO);
    work();
    std::fflush(stderr);
    ::dup2(kept, STDERR_FILENO);
    ::close(kept);
    ::close(file);
    auto text = test::read_file(name);
    ::unlink(name);
    return text;
}

} // namespace

TEST_CASE("a decision is one line, whatever its values are made of")
{
    auto const line = caught([] {
        auto const log = app::make_log({"info", "text"});
        log->info("webhook_refused", {{"account", "support"}, {"reason", "a\nb \"c\""}, {"bytes", 12}, {"again", true}, {"empty", ""}});
        log->debug("not_shown");
    });
    CHECK(std::count(line.begin(), line.end(), '\n') == 1);
    CHECK(line.find(R"( info    event=webhook_refused account=support reason="a\nb \"c\"" bytes=12 again=true empty="")") != std::string::npos);
}

TEST_CASE("JSON lines keep numbers as numbers")
{
    auto const line = caught([] { app::make_log({"debug", "json"})->warning("outbox_unknown", {{"intent", 7}, {"reason", "no answer"}}); });
    auto const json = nlohmann::json::parse(line);
    CHECK(json.at("level") == "warning");
    CHECK(json.at("event") == "outbox_unknown");
    CHECK(json.at("intent") == 7);
    CHECK(json.at("reason") == "no answer");
}

TEST_CASE("journald gets a priority and no time of ours")
{
    CHECK(caught([] { app::make_log({"info", "journal"})->error("store_failed", {{"code", 10}}); }) == "<3>event=store_failed code=10\n");
}
