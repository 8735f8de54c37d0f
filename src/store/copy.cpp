#include "copy.hpp"

#include "file.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace deskbridge::store {

namespace {

constexpr int pages_at_once = 256; // a mebibyte: some milliseconds between two looks at whether to go on

void copy_pages(Connection& source, Connection& target, OnPages const& on_pages)
{
    std::unique_ptr<sqlite3_backup, int (*)(sqlite3_backup*)> const copy{
        sqlite3_backup_init(target.handle(), "main", source.handle(), "main"), sqlite3_backup_finish};
    if (!copy)
        target.fail(sqlite3_extended_errcode(target.handle()));
    for (;;) {
        int const code = sqlite3_backup_step(copy.get(), pages_at_once);
        if (code == SQLITE_DONE) {
            auto const all = sqlite3_backup_pagecount(copy.get());
            (void)on_pages(all, all);
            return;
        }
        if (code != SQLITE_OK)
            throw SqliteError{code, "while pages were copied"};
        auto const all = sqlite3_backup_pagecount(copy.get());
        if (!on_pages(all - sqlite3_backup_remaining(copy.get()), all))
            throw SqliteError{SQLITE_INTERRUPT, "broken off"};
    }
}

} // namespace

void copy_database(Connection& source, std::filesystem::path const& target, OnPages const& on_pages)
{
    // The snapshot is held over all steps: else every commit in between would make the copy begin anew.
    source.execute("BEGIN");
    static_cast<void>(source.integer("SELECT count(*) FROM sqlite_schema"));
    {
        Connection copy{target, Connection::Role::copy};
        copy_pages(source, copy, on_pages);
    }
    source.execute("ROLLBACK");
    {
        Connection copy{target, Connection::Role::copy}; // takes it out of WAL mode
        copy.execute(set_backup_mark);
    }
    if (auto const synced = sync_path(target); !synced)
        throw SqliteError{SQLITE_IOERR_FSYNC, synced.error().detail};
}

Result<void> make_empty(std::filesystem::path const& file)
{
    ::unlink(file.c_str());
    int const fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_error("create", file, errno);
    ::close(fd);
    return {};
}

} // namespace deskbridge::store
