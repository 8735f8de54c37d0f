#include "machine.hpp"

#include "load/load.hpp"

#include <boost/version.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace bench {
namespace {

std::string processor()
{
    std::ifstream in{"/proc/cpuinfo"};
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    return "unknown";
}

std::string file_system_of(std::filesystem::path const& folder)
{
    struct statfs about {};
    ::statfs(folder.c_str(), &about);
    switch (about.f_type) {
    case 0xef53: return "ext4";
    case 0x58465342: return "xfs";
    case 0x01021994: return "tmpfs: memory, no disk";
    case 0x794c7630: return "overlayfs";
    default: return fmt::format("type {:#x}", about.f_type);
    }
}

} // namespace

void Syncs::look(std::filesystem::path const& folder)
{
    using Clock = std::chrono::steady_clock;
    int const fd = ::open((folder / "sync").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    std::vector<char> const page(4096, 'x');
    std::vector<double> times;
    for (int i = 0; i < 1000; ++i) {
        auto const begun = Clock::now();
        if (::pwrite(fd, page.data(), page.size(), i * 4096) != 4096 || ::fdatasync(fd) != 0)
            break;
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    }
    ::close(fd);
    p50.runs.push_back(quantile_of(times, 0.5));
    p99.runs.push_back(quantile_of(times, 0.99));
}

nlohmann::json describe_machine(std::filesystem::path const& folder)
{
    utsname kernel{};
    ::uname(&kernel);
    struct sysinfo about {};
    ::sysinfo(&about);
    std::array<double, 3> load{};
    ::getloadavg(load.data(), 3);
    return {{"processor", processor()},
            {"cores", std::thread::hardware_concurrency()},
            {"memory_mib", about.totalram * about.mem_unit >> 20},
            {"kernel", fmt::format("{} {}", kernel.sysname, kernel.release)},
            {"file_system", file_system_of(folder)},
            {"load_before", load[0]}};
}

nlohmann::json our_versions()
{
    return {{"SQLite", sqlite3_libversion()},
            {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)},
            {"Boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
            {"compiler", fmt::format("GCC {}", __VERSION__)}};
}

std::string render_today()
{
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

} // namespace bench
