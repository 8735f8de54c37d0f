#include "arguments.hpp"
#include "bot_chat.hpp"
#include "daemon.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace fault;

namespace {

constexpr int skipped = 77;
constexpr auto usage = R"(telegram_library --deskbridge PROGRAM --script FILE

A library that others wrote against Telegram's own servers, unmodified, against the simulator. 77: there is no node, or the script says
that it lacks the library.
)";

/// Answers the script's exit status.
int run_script(std::string const& script, int port)
{
    auto const base = fmt::format("http://127.0.0.1:{}", port);
    auto const pid = ::fork();
    if (pid == 0) {
        ::execlp("node", "node", script.c_str(), "--base", base.c_str(), "--token", BotChat::token, static_cast<char*>(nullptr));
        ::_exit(skipped);
    }
    int status = 0;
    auto const ended = [&] { return ::waitpid(pid, &status, WNOHANG) == pid; };
    if (!wait_for(ended, std::chrono::seconds{90})) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, &status, 0);
    }
    return exit_status(status);
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    try {
        ScratchFolder const folder;
        int const port = free_port();
        BotChat const chat{std::filesystem::absolute(arguments.text("--deskbridge")), folder.path(), port};
        auto const status = run_script(arguments.text("--script"), port);
        if (status == skipped) {
            fmt::print("skipped: no node, or no library in DESKBRIDGE_CLIENTS\n");
            return skipped;
        }
        expect(status == 0, fmt::format("the script ended with {}", status));
        for (auto const* const method : {"getMe", "getUpdates", "setWebhook", "sendMessage", "sendPhoto", "sendDocument", "getFile",
                                         "answerCallbackQuery"})
            expect(!chat.calls(method).empty(), fmt::format("the library never called {}", method));
    } catch (std::exception const& error) { // so that the simulator ends with it
        expect(false, error.what());
    }
    return conclude();
}
