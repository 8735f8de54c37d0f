#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "part_file.hpp"
#include "targets.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

struct AttachmentArguments {
    std::string ticket;
    std::int64_t number{0}; ///< of the file, as `ticket show` tells it; 0: all
    std::string file;
    bool force{false};
};

/// The ticket's files that `wanted` is true of, newest page first; nullopt after an error was printed.
template <class Wanted>
std::optional<std::vector<ordered_json>> find_files(ControlClient& client, std::string const& ticket, Wanted wanted)
{
    std::vector<ordered_json> files;
    for (std::string before;;) {
        auto const page = client.get(target_of(ticket_target(ticket), {{"before", before}}));
        if (!page)
            return std::nullopt;
        for (auto const& message : page->at("timeline"))
            for (auto const& attachment : message.at("attachments"))
                if (wanted(attachment))
                    files.push_back(attachment);
        if (!yes(*page, "earlier"))
            return files;
        before = text(page->at("timeline").front(), "id");
    }
}

std::string path_of(std::int64_t attachment, char const* rest)
{
    return fmt::format("/v1/attachments/{}/{}", attachment, rest);
}

int no_such_file(AttachmentArguments const& arguments)
{
    fmt::print(stderr, "error: the ticket has no file {}\nfix:   deskbridge ticket show {} tells their numbers, in brackets\n", arguments.number,
               safe(arguments.ticket));
    return exit_not_found;
}

int retry_fetch(Globals const& globals, AttachmentArguments const& arguments)
{
    ControlClient client{globals};
    auto const wanted = [&](ordered_json const& file) {
        return arguments.number == 0 ? text(file, "state") == "failed" || text(file, "state") == "expired"
                                     : number(file, "id") == arguments.number;
    };
    auto const files = find_files(client, arguments.ticket, wanted);
    if (!files)
        return client.exit_status();
    if (files->empty() && arguments.number != 0)
        return no_such_file(arguments);
    Tried tried;
    for (auto const& file : *files) {
        auto const answer = client.post(path_of(number(file, "id"), "retry"), ordered_json::object());
        if (answer)
            tried.done();
        else
            tried.failed(client.exit_status());
        if (answer && for_programs(globals))
            print_line(*answer);
        else if (answer)
            fmt::print("[{}] is fetched again; `ticket show` tells what came of it\n", number(file, "id"));
    }
    if (files->empty() && !for_programs(globals))
        fmt::print("no file of this ticket has failed\n");
    return tried.exit_status();
}

int save_as(ControlClient& client, std::string const& target, fs::path const& file)
{
    PartFile part{file};
    bool const came = part.good() && client.download(target, [&part](std::string_view bytes) { return part.append(bytes); });
    if (client.exit_status() != exit_ok)
        return client.exit_status();
    auto const bytes = came ? part.keep() : std::nullopt;
    if (!bytes) {
        fmt::print(stderr, "error: {} cannot be written\n", safe(file.string()));
        return exit_failure;
    }
    fmt::print(stderr, "saved {} ({})\n", safe(file.string()), size_text(*bytes));
    return exit_ok;
}

int save(Globals const& globals, AttachmentArguments const& arguments)
{
    ControlClient client{globals};
    std::error_code ec;
    if (arguments.file != "-" && !arguments.force && fs::exists(arguments.file, ec)) {
        fmt::print(stderr, "error: {} is there already\nfix:   name another file, or use --force\n", safe(arguments.file));
        return exit_conflict;
    }
    auto const files = find_files(client, arguments.ticket, [&](ordered_json const& file) { return number(file, "id") == arguments.number; });
    if (!files)
        return client.exit_status();
    if (files->empty())
        return no_such_file(arguments);
    auto const target = path_of(arguments.number, "content");
    if (arguments.file == "-") {
        auto const to_output = [](std::string_view bytes) { return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size(); };
        return client.download(target, to_output) ? static_cast<int>(exit_ok) : client.exit_status();
    }
    return save_as(client, target, arguments.file);
}

} // namespace

void add_attachment_commands(CLI::App& ticket, Globals& globals)
{
    auto const arguments = std::make_shared<AttachmentArguments>();
    auto* group = add_group(ticket, "attachment", "files that came with a ticket's messages");
    auto const add_number = [&](CLI::App* sub, char const* meaning) {
        return sub->add_option("number", arguments->number, meaning)->check(number_of("a file", "deskbridge ticket show"))->type_name("N");
    };
    auto* again = add_command<AttachmentArguments>(*group, globals,
                                              {"retry", "fetch again what failed",
                                               "Examples:\n  deskbridge ticket attachment retry 1042\n  deskbridge ticket attachment retry 1042 17"},
                                              arguments, retry_fetch);
    add_ticket(*again, arguments->ticket);
    add_number(again, "only this file: ticket show tells its number (default: all that failed)");
    auto* saved = add_command<AttachmentArguments>(*group, globals,
                                              {"save", "store a file on this machine",
                                               "What customers send may do harm: look before you open it.\n\nExample:\n"
                                               "  deskbridge ticket attachment save 1042 17 parcel.jpg"},
                                              arguments, save);
    add_ticket(*saved, arguments->ticket);
    add_number(saved, "of the file; ticket show tells it")->required();
    saved->add_option("file", arguments->file, "where to; - is standard output")->required()->type_name("FILE");
    saved->add_flag("--force", arguments->force, "replace a file that is there");
}

} // namespace deskbridge::app
