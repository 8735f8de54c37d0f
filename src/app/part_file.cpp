#include "part_file.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <pthread.h>
#include <unistd.h>

namespace deskbridge::app {
namespace {

constexpr std::array ending{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

char const* doomed = nullptr; ///< what a signal takes away; changed only while they are held back
std::array<struct sigaction, ending.size()> before{};

extern "C" void end_without_part(int signal)
{
    if (doomed != nullptr)
        ::unlink(doomed);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

/// Holds the signals back that end the command.
class Held {
public:
    Held() noexcept
    {
        sigset_t all;
        sigemptyset(&all);
        for (int const signal : ending)
            sigaddset(&all, signal);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~Held() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    Held(Held const&) = delete;
    Held& operator=(Held const&) = delete;

private:
    sigset_t before_{};
};

/// Ignored signals (nohup) stay ignored.
void catch_signals(char const* name) noexcept
{
    doomed = name;
    struct sigaction action {};
    action.sa_handler = end_without_part;
    for (std::size_t i = 0; i < ending.size(); ++i) {
        ::sigaction(ending[i], nullptr, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            ::sigaction(ending[i], &action, nullptr);
    }
}

void release_signals() noexcept
{
    for (std::size_t i = 0; i < ending.size(); ++i)
        ::sigaction(ending[i], &before[i], nullptr);
    doomed = nullptr;
}

} // namespace

PartFile::PartFile(std::filesystem::path target) : target_{std::move(target)}, name_{target_.string() + ".XXXXXX"}
{
    Held const held;
    int const made = ::mkstemp(name_.data()); // nobody can have put a link there before
    if (made < 0)
        return;
    file_.reset(::fdopen(made, "wb"));
    if (!file_) {
        ::close(made);
        ::unlink(name_.c_str());
        return;
    }
    catch_signals(name_.c_str());
}

PartFile::~PartFile()
{
    Held const held;
    if (!file_)
        return;
    ::unlink(name_.c_str());
    release_signals();
}

bool PartFile::append(std::string_view bytes) noexcept
{
    bytes_ += bytes.size();
    return std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
}

std::optional<std::uint64_t> PartFile::keep()
{
    Held const held;
    std::error_code ec;
    bool const written = std::fclose(file_.release()) == 0;
    if (written)
        std::filesystem::rename(name_, target_, ec);
    if (!written || ec)
        ::unlink(name_.c_str());
    release_signals();
    return written && !ec ? std::optional{bytes_} : std::nullopt;
}

} // namespace deskbridge::app
