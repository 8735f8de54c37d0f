#include "connection.hpp"

#include "log_vfs.hpp"

#include <sqlite3.h>

#include <utility>

namespace deskbridge::store {

namespace {

constexpr int progress_steps = 1000; // virtual machine steps between two looks at the clock: well under a millisecond

// The only codes for which SQLite keeps the system's own; after others it is of an earlier error.
bool is_of_system(int code)
{
    auto const primary = code & 0xff;
    return primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL;
}

void setting(sqlite3* db, int what, int value)
{
    sqlite3_db_config(db, what, value, nullptr);
}

// Everything that makes a hostile or damaged file harmless, before anything is read from it.
void harden(sqlite3* db)
{
    setting(db, SQLITE_DBCONFIG_DEFENSIVE, 1);
    setting(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
    setting(db, SQLITE_DBCONFIG_DQS_DML, 0);
    setting(db, SQLITE_DBCONFIG_DQS_DDL, 0);
    setting(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 16 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
}

} // namespace

Connection::Connection(std::filesystem::path const& file, Role role)
{
    try {
        open(file, role);
        settle(role);
    } catch (SqliteError const&) {
        sqlite3_close_v2(db_);
        throw;
    }
}

Connection::~Connection()
{
    for (auto const& [sql, cached] : statements_)
        sqlite3_finalize(cached.stmt);
    sqlite3_close_v2(db_);
}

void Connection::open(std::filesystem::path const& file, Role role)
{
    // Nobody asks SQLite how much it has allocated, and counting that takes a lock for each allocation. In vain once it is in use.
    static int const counts_nothing = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)counts_nothing;
    int const create = role == Role::reader ? 0 : SQLITE_OPEN_CREATE;
    int const flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | create;
    if (int const code = sqlite3_open_v2(file.c_str(), &db_, flags, role == Role::writer ? gathering_log() : nullptr); code != SQLITE_OK) {
        if (db_ == nullptr)
            throw SqliteError{code, "out of memory"};
        fail(code);
    }
    harden(db_);
    sqlite3_busy_timeout(db_, 5000);
    sqlite3_progress_handler(
        db_, progress_steps,
        [](void* self) {
            auto& connection = *static_cast<Connection*>(self);
            connection.look_on();
            return connection.is_over() ? 1 : 0;
        },
        this);
}

void Connection::settle(Role role)
{
    execute("PRAGMA mmap_size = 0"); // an I/O error on a mapped page would be a signal instead of an error
    execute("PRAGMA cell_size_check = ON");
    execute("PRAGMA temp_store = MEMORY");
    if (role == Role::reader) {
        setting(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
        execute("PRAGMA cache_size = -8192");
        execute("PRAGMA wal_autocheckpoint = 0");
        execute("PRAGMA query_only = ON");
    } else if (role == Role::copy) {
        execute("PRAGMA journal_mode = MEMORY");
        execute("PRAGMA synchronous = OFF");
    } else {
        settle_writer();
    }
}

void Connection::settle_writer()
{
    execute("PRAGMA cache_size = -16384");
    if (integer("PRAGMA page_count") == 0) { // neither can be changed once the file has a page
        execute("PRAGMA page_size = 4096");
        execute("PRAGMA auto_vacuum = INCREMENTAL");
    }
    // With an I/O error this pragma answers another mode instead of failing.
    if (text("PRAGMA journal_mode = WAL") != "wal")
        throw SqliteError{SQLITE_IOERR, "write-ahead logging cannot be switched on here"};
    execute("PRAGMA synchronous = FULL");
    if (integer("PRAGMA synchronous") != 2)
        throw SqliteError{SQLITE_IOERR, "synchronous=FULL was not accepted"};
    execute("PRAGMA journal_size_limit = 67108864");
    execute("PRAGMA wal_autocheckpoint = 0"); // also drops the hook: set it afterwards
    sqlite3_wal_hook(
        db_,
        [](void* self, sqlite3*, char const*, int pages) {
            static_cast<Connection*>(self)->wal_pages_ = pages;
            return SQLITE_OK;
        },
        this);
}

sqlite3_stmt* Connection::compile(char const* sql, unsigned flags)
{
    sqlite3_stmt* stmt = nullptr;
    if (int const code = sqlite3_prepare_v3(db_, sql, -1, flags, &stmt, nullptr); code != SQLITE_OK)
        fail(code);
    return stmt;
}

Statement Connection::prepare(char const* sql)
{
    if (job_limit_.count() > 0 && job_is_over(std::chrono::steady_clock::now())) // short queries in a long row hold the snapshot too
        throw SqliteError{SQLITE_INTERRUPT, "the job was broken off"};
    if (query_limit_.count() > 0)
        query_deadline_ = std::chrono::steady_clock::now() + query_limit_;
    auto& cached = statements_[sql];
    if (cached.in_use) // the same query inside its own loop
        return Statement{*this, compile(sql, 0), nullptr};
    if (cached.stmt == nullptr)
        cached.stmt = compile(sql, SQLITE_PREPARE_PERSISTENT);
    cached.in_use = true;
    return Statement{*this, cached.stmt, &cached.in_use};
}

void Connection::execute(std::string const& sql)
{
    if (int const code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
        fail(code);
}

std::int64_t Connection::integer(std::string const& sql)
{
    Statement query{*this, compile(sql.c_str(), 0), nullptr};
    auto const answer = query.step() ? query.integer(0) : 0;
    query.finish();
    return answer;
}

std::string Connection::text(std::string const& sql)
{
    Statement query{*this, compile(sql.c_str(), 0), nullptr};
    auto answer = query.step() ? query.text(0) : std::string{};
    query.finish();
    return answer;
}

void Connection::fail(int code)
{
    SqliteError error{code, sqlite3_errmsg(db_), is_of_system(code) ? sqlite3_system_errno(db_) : 0};
    if (error.reach() == SqliteError::Reach::store)
        broken_by_ = code;
    throw error;
}

bool Connection::in_transaction() const noexcept
{
    return sqlite3_get_autocommit(db_) == 0;
}

std::int64_t Connection::last_insert_id() const noexcept
{
    return sqlite3_last_insert_rowid(db_);
}

void Connection::interrupt() noexcept
{
    broken_off_.store(true, std::memory_order_relaxed);
    sqlite3_interrupt(db_);
}

void Connection::limit_queries(std::chrono::milliseconds each, std::chrono::milliseconds job)
{
    query_limit_ = each;
    job_limit_ = job;
    query_deadline_ = std::chrono::steady_clock::now() + each;
    begin_job();
}

void Connection::begin_job()
{
    broken_off_.store(false, std::memory_order_relaxed);
    job_deadline_ = std::chrono::steady_clock::now() + job_limit_;
}

void Connection::watch(std::chrono::milliseconds every, std::function<void()> look)
{
    look_ = std::move(look);
    look_every_ = every;
    looked_at_ = std::chrono::steady_clock::now();
}

void Connection::look_on() noexcept
{
    if (!look_)
        return;
    auto const now = std::chrono::steady_clock::now();
    if (now - looked_at_ < look_every_)
        return;
    looked_at_ = now;
    look_();
}

bool Connection::job_is_over(std::chrono::steady_clock::time_point now) const noexcept
{
    return broken_off_.load(std::memory_order_relaxed) || (job_limit_.count() > 0 && now > job_deadline_);
}

bool Connection::is_over() const noexcept
{
    auto const now = std::chrono::steady_clock::now();
    return job_is_over(now) || (query_limit_.count() > 0 && now > query_deadline_);
}

} // namespace deskbridge::store
