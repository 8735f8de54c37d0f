#include "deskbridge/store/backup.hpp"

#include "connection.hpp"
#include "copy.hpp"
#include "lock_file.hpp"
#include "migrations.hpp"

#include <sqlite3.h>

#include <array>

namespace deskbridge::store {

namespace {

constexpr std::size_t most_findings = 20; // one torn page is often told many times

/// A number that must be 0, and what it means when it is not.
struct Invariant {
    char const* sql;
    std::string_view meaning;
};
constexpr std::array invariants{
    Invariant{"SELECT coalesce(max(seq), 0) - coalesce(min(seq), 1) + 1 - count(*) FROM event", "rows are missing in the event log"},
    Invariant{"SELECT count(*) FROM sqlite_sequence WHERE name = 'event' AND seq < (SELECT coalesce(max(seq), 0) FROM event)",
              "counter of the event log is behind it: numbers would be given twice"},
    Invariant{"SELECT count(*) FROM cursor WHERE seq > (SELECT coalesce(max(seq), 0) FROM event)",
              "readers of the event log are beyond its end"},
    Invariant{"SELECT count(*) FROM intent i WHERE attempts <> (SELECT count(*) FROM attempt a WHERE a.intent_id = i.intent_id)",
              "intents have another number of attempts than their journal"},
    Invariant{"SELECT count(*) FROM (SELECT 1 FROM intent WHERE state = 'claimed' GROUP BY conversation_id HAVING count(*) > 1)",
              "conversations have more than one message in flight"},
};

void add(Inspection& inspection, std::string finding, Ailment ailment = Ailment::damaged)
{
    inspection.ailment = ailment;
    if (inspection.findings.size() < most_findings)
        inspection.findings.push_back(std::move(finding));
}

void look_at_pages(Connection& connection, Inspection& inspection)
{
    auto pages = connection.prepare("PRAGMA integrity_check(20)");
    while (pages.step())
        if (pages.text(0) != "ok")
            add(inspection, "a page or row is damaged: " + pages.text(0));
    auto references = connection.prepare("PRAGMA foreign_key_check");
    while (references.step())
        add(inspection, "a row of " + references.text(0) + " refers to a row of " + references.text(2) + " that is not there");
}

/// False: what is in the file cannot be judged by this program.
bool look_at_header(Connection& connection, Inspection& inspection)
{
    if (connection.integer("PRAGMA application_id") != application_id) {
        add(inspection, "it is a database, but not one of Deskbridge", Ailment::foreign);
        return false;
    }
    inspection.schema = static_cast<int>(connection.integer("PRAGMA user_version"));
    if (inspection.schema > known_migrations()) {
        add(inspection, "it has schema " + std::to_string(inspection.schema) + " of a newer Deskbridge (this one knows up to " +
                            std::to_string(known_migrations()) + ")", Ailment::newer);
        return false;
    }
    return true;
}

void look_at_rows(Connection& connection, Inspection& inspection)
{
    inspection.events = connection.integer("SELECT count(*) FROM event");
    inspection.is_backup = connection.integer(count_backup_mark) != 0;
    for (auto const& invariant : invariants)
        if (auto const n = connection.integer(invariant.sql); n != 0)
            add(inspection, std::to_string(n) + " " + std::string{invariant.meaning});
}

} // namespace

Result<Inspection> inspect(std::filesystem::path const& file)
{
    std::error_code ec;
    Inspection inspection;
    inspection.bytes = std::filesystem::file_size(file, ec);
    if (ec)
        return Error{ec == std::errc::no_such_file_or_directory ? Fault::not_found : Fault::storage,
                     "cannot read " + file.string() + ": " + ec.message()};
    try {
        Connection connection{file, Connection::Role::reader};
        if (!look_at_header(connection, inspection))
            return inspection;
        look_at_pages(connection, inspection);
        if (inspection.findings.empty())
            look_at_rows(connection, inspection);
    } catch (SqliteError const& error) {
        if (!error.is_damage())
            return Error{Fault::storage, "cannot read " + file.string() + ": " + error.as_error().detail};
        add(inspection, error.as_error().detail, (error.code & 0xff) == SQLITE_NOTADB ? Ailment::foreign : Ailment::damaged);
    }
    return inspection;
}

Result<Inspection> inspect_live(std::filesystem::path const& database)
{
    std::error_code ec;
    if (!std::filesystem::exists(database, ec))
        return Error{Fault::not_found, "there is no database " + database.string()};
    auto const lock = LockFile::take(database);
    if (!lock)
        return lock.error();
    return inspect(database);
}

} // namespace deskbridge::store
