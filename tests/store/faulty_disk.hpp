#pragma once

#include <functional>

namespace deskbridge::test {

/// While it lives, every database opened in this process writes through it. Threads: arm and disarm from any.
class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(FaultyDisk const&) = delete;
    FaultyDisk& operator=(FaultyDisk const&) = delete;

    /// From now on every sync (write, read) answers this SQLite code; 0: works again.
    void fail_syncs(int code) noexcept;
    /// The n-th sync from now on (from 1) answers this SQLite code, once; 0: none.
    void fail_sync_once(int n, int code) noexcept;
    /// Whether that sync has come.
    [[nodiscard]] bool sync_failed() const noexcept;
    void fail_writes(int code) noexcept;
    void fail_reads(int code) noexcept;
    /// The n-th read from now on (from 1) does this first, once.
    void before_read(int n, std::function<void()> what);
    /// Since then.
    [[nodiscard]] int reads() const noexcept;
};

} // namespace deskbridge::test
