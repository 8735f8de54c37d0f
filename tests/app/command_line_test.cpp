#include "command_line.hpp"

#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace deskbridge;

namespace {

struct Ran {
    int status{-1};
    std::string said; ///< on standard error
};

struct Given {
    std::vector<std::string> words;
    std::string input{};
    std::string output{"/dev/null"};
};

/// The program in a process of its own, with standard streams of its own.
Ran run(Given given)
{
    test::ScratchFolder const folder;
    auto const in = folder.path() / "in";
    auto const err = folder.path() / "err";
    std::ofstream{in, std::ios::binary} << given.input;
    auto const child = ::fork();
    if (child == 0) {
        ::dup2(::open(in.c_str(), O_RDONLY | O_CLOEXEC), STDIN_FILENO);
        ::dup2(::open(given.output.c_str(), O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
        ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), STDERR_FILENO);
        std::vector<char*> argv;
        given.words.insert(given.words.begin(), "deskbridge");
        for (auto& word : given.words)
            argv.push_back(word.data());
        auto const status = app::run_command_line(static_cast<int>(argv.size()), argv.data());
        std::fflush(stderr);
        ::_exit(status);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    std::ifstream told{err};
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, std::string{std::istreambuf_iterator<char>{told}, {}}};
}

} // namespace

TEST_CASE("command line: what is wrong is said, and how it ends")
{
    struct Case {
        std::string label;
        Given given;
        int status;
        std::string said;
    };
    auto const c = GENERATE(values<Case>({
        {"a mistyped command", {{"tikcet", "ls"}}, app::exit_usage, "did you mean \"ticket\"?"},
        {"a mistyped subcommand", {{"ticket", "sovle", "7"}}, app::exit_usage, "did you mean \"solve\"?"},
        {"behind an option with a value", {{"--config", "ticket", "agent", "ad", "Ana"}}, app::exit_usage, "did you mean \"add\"?"},
        {"no configuration", {{"ticket", "ls", "--config", "/nowhere.toml"}}, app::exit_usage, "/nowhere.toml"},
        {"the same of serve", {{"serve", "--config", "/nowhere.toml"}}, app::exit_usage, "/nowhere.toml"},
        {"nobody listens", {{"ticket", "ls", "--socket", "/nowhere.sock"}}, app::exit_temporary, "/nowhere.sock"},
        {"nobody to follow", {{"ticket", "watch", "--socket", "/nowhere.sock"}}, app::exit_temporary, "/nowhere.sock"},
        {"a full disk", {{"--help"}, "", "/dev/full"}, app::exit_failure, "standard output"},
        {"quoting nothing", {{"ticket", "reply", "1", "-m", "x", "--quote", "0"}}, app::exit_usage, "--quote"},
        {"Latin-1", {{"ticket", "reply", "1", "--socket", "/nowhere.sock"}, "caf\xe9\n"}, app::exit_usage, "byte 4 (0xE9)"},
        {"Latin-1 in an argument", {{"ticket", "note", "1", "-m", "caf\xe9", "--socket", "/nowhere.sock"}}, app::exit_usage, "byte 4"},
        {"NUL", {{"ticket", "note", "1", "--socket", "/nowhere.sock"}, std::string{"a\0b", 3}}, app::exit_usage, "byte 2 is NUL"},
        {"nothing to read", {{"ticket", "reply", "1", "--socket", "/nowhere.sock"}, "\u200b \n"}, app::exit_usage, "nothing to read"},
        {"a good text", {{"ticket", "reply", "1", "--socket", "/nowhere.sock"}, "caf\u00e9\n"}, app::exit_temporary, "/nowhere.sock"},
    }));
    INFO(c.label);
    auto const ran = run(c.given);
    CHECK(ran.status == c.status);
    CHECK_THAT(ran.said, Catch::Contains(c.said));
    CHECK_THAT(ran.said, Catch::StartsWith("error: "));
}
