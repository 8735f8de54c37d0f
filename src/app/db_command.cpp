#include "answers.hpp"
#include "command.hpp"
#include "config.hpp"
#include "control_client.hpp"
#include "terminal.hpp"

#include "deskbridge/async/clock.hpp"
#include "deskbridge/store/backup.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

namespace deskbridge::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::chrono::milliseconds between_looks{200};

struct DbArguments {
    std::string file;
    bool force{false};
};

int exit_of(Fault fault)
{
    switch (fault) {
    case Fault::not_found: return exit_not_found;
    case Fault::conflict: return exit_conflict;
    case Fault::forbidden: return exit_forbidden;
    case Fault::unavailable: return exit_temporary;
    case Fault::malformed:
    case Fault::storage: break;
    }
    return exit_failure;
}

int told(Error const& error, std::string_view fix)
{
    fmt::print(stderr, "error: {}\n", safe(error.detail));
    if (!fix.empty())
        fmt::print(stderr, "fix:   {}\n", fix);
    return exit_of(error.fault);
}

fs::path database_of(Globals const& globals)
{
    Problems problems;
    if (auto const found = find_database(find_config(globals.config), problems))
        return *found;
    throw WrongUsage(problems.empty() ? "the configuration names no database" : render(problems.front()));
}

// --- backup -----------------------------------------------------------------------------------------------------------

void show_progress(ordered_json const& backup)
{
    if (!on_terminal())
        return;
    auto const pages = backup.value("pages", std::int64_t{0});
    auto const percent = pages > 0 ? 100 * backup.value("pages_done", std::int64_t{0}) / pages : 0;
    fmt::print(stderr, "\r{} {:3} %", backup.value("state", ""), backup.value("state", "") == "checking" ? 100 : percent);
}

int ended(Globals const& globals, ordered_json const& backup)
{
    if (on_terminal())
        fmt::print(stderr, "\r\033[K");
    if (backup.value("state", "") == "done") {
        if (for_programs(globals))
            print_line(backup);
        else
            fmt::print("backed up to {} ({}), and found sound\n", safe(backup.value("file", "")), size_text(backup.value("size_bytes", std::uint64_t{0})));
        return exit_ok;
    }
    auto const why = backup.contains("reason") && backup["reason"].is_string() ? backup["reason"].get<std::string>() : "it was given up";
    fmt::print(stderr, "error: {}\n", safe(why));
    return exit_failure;
}

int back_up(Globals const& globals, DbArguments const& arguments)
{
    if (arguments.file.empty())
        throw WrongUsage("back up to which file?\nfix:   deskbridge db backup --help");
    ControlClient client{globals};
    ordered_json const order{{"file", fs::absolute(arguments.file).lexically_normal().string()}, {"replace", arguments.force}};
    auto backup = client.post("/v1/backups", order);
    while (backup) {
        auto const state = backup->value("state", "");
        if (state != "copying" && state != "checking")
            return ended(globals, *backup);
        show_progress(*backup);
        std::this_thread::sleep_for(between_looks);
        backup = client.get("/v1/backups/latest");
    }
    if (client.exit_status() == exit_usage) // the daemon found the name wrong
        fmt::print(stderr, "fix:   name a file in a folder of the daemon's user, such as /var/lib/deskbridge/backups/monday.db;\n"
                           "       a folder is made with: install -d -o deskbridge -m 700 FOLDER\n");
    return client.exit_status();
}

// --- check ------------------------------------------------------------------------------------------------------------

/// What the file is that was looked through.
enum class Whose {
    configured, ///< the database that this configuration names
    a_daemons,  ///< a lock lies beside it
    nobodys,    ///< a backup or some other copy
};

/// What next. A restore loses all that came in since the backup: it is named for damage in a database alone.
std::string advice(store::Ailment ailment, Whose whose)
{
    switch (ailment) {
    case store::Ailment::newer:
        return "use the Deskbridge that wrote it, or a newer one (this is " + std::string{program_version()} + ")";
    case store::Ailment::foreign:
        return whose == Whose::configured ? "this is no Deskbridge database: look at [store] path. If the path is right, the disk destroyed the file: "
                                            "deskbridge db restore BACKUP"
                                          : "this is no Deskbridge database: name another file";
    case store::Ailment::none:
    case store::Ailment::damaged: break;
    }
    switch (whose) {
    case Whose::configured: return "deskbridge db restore BACKUP, with a backup that deskbridge db check finds sound";
    case Whose::a_daemons: return "deskbridge db restore BACKUP --config FILE, with the configuration that names this database";
    case Whose::nobodys: break;
    }
    return "do not restore it; take another backup, and check it: deskbridge db backup FILE";
}

int shown(Globals const& globals, fs::path const& file, store::Inspection const& inspection, Whose whose)
{
    bool const sound = inspection.findings.empty();
    if (for_programs(globals))
        print_line({{"file", file.string()}, {"sound", sound}, {"backup", inspection.is_backup}, {"schema", inspection.schema},
                    {"events", inspection.events}, {"size_bytes", inspection.bytes}, {"findings", inspection.findings}});
    else if (sound)
        fmt::print("{} is sound: {}, schema {}, {} events in the log{}\n", safe(file.string()), size_text(inspection.bytes), inspection.schema,
                   inspection.events, inspection.is_backup ? "; it is a backup" : "");
    else
        for (auto const& finding : inspection.findings)
            fmt::print("{}: {}\n", safe(file.string()), safe(finding));
    if (sound)
        return exit_ok;
    fmt::print(stderr, "fix:   {}\n", advice(inspection.ailment, whose));
    return exit_failure;
}

/// Is it the database that the configuration names? A file can be checked where there is no configuration.
bool is_configured(Globals const& globals, fs::path const& file)
{
    Problems problems;
    std::error_code ec;
    auto const database = globals.config.empty() ? find_database(find_config({}), problems) : database_of(globals);
    return database && fs::equivalent(*database, file, ec);
}

int check(Globals const& globals, DbArguments const& arguments)
{
    auto const& given = arguments.file;
    std::error_code ec;
    fs::path const file = given.empty() ? database_of(globals) : fs::path{given};
    // Whose lock lies beside it is somebody's live database, whatever the configuration says.
    auto const whose = given.empty() || is_configured(globals, file) ? Whose::configured
                       : fs::exists(given + ".lock", ec)             ? Whose::a_daemons
                                                                     : Whose::nobodys;
    auto const found = whose == Whose::nobodys ? store::inspect(file) : store::inspect_live(file);
    if (found)
        return shown(globals, file, *found, whose);
    return told(found.error(), found.error().fault == Fault::conflict
                                   ? "stop the service for this check, or check a copy: deskbridge db backup FILE; deskbridge db check FILE"
                                   : "");
}

// --- restore ----------------------------------------------------------------------------------------------------------

int restore(Globals const& globals, DbArguments const& arguments)
{
    auto const& backup = arguments.file;
    auto const database = database_of(globals);
    auto const restored = store::restore(database, fs::absolute(backup), async::SystemClock{}.now());
    if (!restored)
        return told(restored.error(), restored.error().fault == Fault::conflict ? "stop the service (systemctl stop deskbridge), then restore again" : "");
    if (for_programs(globals)) {
        print_line({{"file", database.string()}, {"aside", restored->aside ? ordered_json(restored->aside->string()) : ordered_json(nullptr)},
                    {"events", restored->backup.events}});
        return exit_ok;
    }
    fmt::print("restored {} from {} ({} events in the log)\n", safe(database.string()), safe(backup), restored->backup.events);
    if (restored->aside)
        fmt::print("the database before it is kept as {}\n", safe(restored->aside->string()));
    fmt::print("next: start the service. Sending is paused: deskbridge outbox ls shows what may have been sent since the backup was\n"
               "made; deskbridge outbox resume ACCOUNT goes on. Files of media are not part of a backup.\n");
    return exit_ok;
}

} // namespace

void add_db_commands(CLI::App& app, Globals& globals)
{
    auto* db = add_group(app, "db", "back up, check and restore the database");
    auto const arguments = std::make_shared<DbArguments>();
    auto* backup = add_command<DbArguments>(*db, globals,
                                            {"backup", "copy the database while the daemon works (administrators)",
                                             "The daemon writes the file, checks it as a whole, then gives it its name.\n\nExample:\n"
                                             "  deskbridge db backup /var/lib/deskbridge/backups/monday.db"},
                                            arguments, back_up);
    backup->add_option("file", arguments->file, "where the copy goes: a folder of the daemon's user")->required()->type_name("FILE");
    backup->add_flag("--force", arguments->force, "replace an earlier backup of that name (no other file)");
    auto* look = add_command<DbArguments>(*db, globals,
                                          {"check", "look through a database or a backup as a whole",
                                           "Without FILE: the configured database, while the daemon is stopped. Exit status 0: sound, 1: not.\n\n"
                                           "Example:\n  deskbridge db check /var/lib/deskbridge/backups/monday.db"},
                                          arguments, check);
    look->add_option("file", arguments->file, "a backup (default: the configured database)")->type_name("FILE");
    auto* back = add_command<DbArguments>(*db, globals,
                                          {"restore", "put a backup in the place of the database, while the daemon is stopped",
                                           "What came in since the backup is lost; what is replaced is kept beside it. The next start sends\n"
                                           "nothing until: deskbridge outbox resume ACCOUNT\n\nExample:\n"
                                           "  deskbridge db restore /var/lib/deskbridge/backups/monday.db"},
                                          arguments, restore);
    back->add_option("backup", arguments->file, "a file of: deskbridge db backup")->required()->type_name("BACKUP");
}

} // namespace deskbridge::app
