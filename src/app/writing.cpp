#include "writing.hpp"

#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "targets.hpp"

#include "deskbridge/core/text.hpp"
#include "deskbridge/desk/use_cases.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <vector>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

/// What cannot be sent as it is must not be sent changed.
void check_is_text(std::string_view bytes, char const* where)
{
    if (auto const nul = bytes.find('\0'); nul != std::string_view::npos)
        throw WrongUsage(fmt::format("{}: byte {} is NUL: this is no text", where, nul + 1));
    if (auto const bad = first_malformed(bytes))
        throw WrongUsage(fmt::format("{}: byte {} (0x{:02X}) is not UTF-8\nfix:   convert it, for example: iconv -f LATIN1 -t UTF-8",
                                     where, *bad + 1, static_cast<unsigned char>(bytes[*bad])));
    if (is_blank(bytes))
        throw WrongUsage(fmt::format("{}: there is nothing to read in it", where));
}

struct WritingArguments {
    std::string ticket;
    std::optional<std::string> text; ///< -m
    std::vector<std::string> files;
    std::int64_t quoted{0};
    bool ask_number{false};
};

/// A name that is not UTF-8 cannot be told to anybody.
std::string name_of(fs::path const& file)
{
    auto name = file.filename().string();
    return first_malformed(name) ? std::string{} : name;
}

int reply(Globals const& globals, WritingArguments const& arguments)
{
    ordered_json body = ordered_json::object();
    if (arguments.files.empty() || arguments.text) // a file needs no words, and standard input is not asked for any
        body["text"] = text_of(arguments.text);
    if (arguments.quoted > 0)
        body["quote"] = arguments.quoted;
    if (arguments.ask_number)
        body["ask_number"] = true;
    if (arguments.files.size() > desk::max_reply_files) // told before anything is brought to the daemon
        throw WrongUsage{fmt::format("a reply takes {} files at most", desk::max_reply_files)};
    ControlClient client{globals};
    if (!warn_if_paused(globals, client, arguments.ticket))
        return client.exit_status();
    for (auto const& file : arguments.files) {
        auto const brought = bring(client, file);
        if (!brought)
            return client.exit_status();
        body["attachments"].push_back(*brought);
    }
    return change(globals, ticket_target(arguments.ticket, "/messages"), body, "queued; `ticket show` tells when it is delivered");
}

int note(Globals const& globals, WritingArguments const& arguments)
{
    return change(globals, ticket_target(arguments.ticket, "/notes"), {{"text", text_of(arguments.text)}}, "noted");
}

} // namespace

bool warn_if_paused(Globals const& globals, ControlClient& client, std::string const& ticket)
{
    if (for_programs(globals))
        return true;
    auto const shown = client.get(target_of(ticket_target(ticket), {{"limit", "1"}}));
    if (!shown)
        return false;
    if (auto const words = paused_in_words(text(*shown, "account"), shown->at("account_paused")); !words.empty())
        fmt::print(stderr, "warning: {}; what is queued waits until it sends again\n", words);
    return true;
}

std::optional<std::int64_t> bring(ControlClient& client, std::string const& file)
{
    auto const brought = client.post_file(target_of("/v1/attachments", {{"file_name", name_of(file)}}), file);
    if (!brought)
        return std::nullopt;
    return number(*brought, "id");
}

int change(Globals const& globals, std::string const& target, ordered_json const& body, std::string const& done)
{
    ControlClient client{globals};
    auto const answer = client.post(target, body);
    if (!answer)
        return client.exit_status();
    if (for_programs(globals))
        print_line(*answer);
    else
        fmt::print("{}\n", done);
    if (auto const silent = answer->find("not_told"); silent != answer->end() && silent->is_object())
        fmt::print(stderr, "the customer was not told: {}\n", silent->value("detail", ""));
    return exit_ok;
}

std::string text_of(std::optional<std::string> const& given)
{
    if (given && *given != "-") {
        check_is_text(*given, "the text of -m");
        return *given;
    }
    std::string all{std::istreambuf_iterator<char>{std::cin}, {}};
    while (!all.empty() && all.back() == '\n')
        all.pop_back();
    check_is_text(all, "standard input");
    return all;
}

CLI::Option* add_text(CLI::App& sub, std::optional<std::string>& into, char const* meaning)
{
    auto const take = [&into](std::string const& text) { into = text; }; // also "", which is wrong but not absent
    return sub.add_option_function<std::string>("-m,--message", take, meaning)->type_name("TEXT");
}

void add_writing_commands(CLI::App& ticket, Globals& globals)
{
    auto const arguments = std::make_shared<WritingArguments>();
    auto* replied = add_command<WritingArguments>(ticket, globals,
                                                  {"reply", "answer the customer",
                                                   "A file goes with the text as its caption where the channel has such a thing, "
                                                   "else beside it.\n\n"
                                                   "Examples:\n  deskbridge ticket reply 1042 -m \"It is on its way\"\n"
                                                   "  deskbridge ticket reply 1042 -m \"Your invoice\" --file invoice.pdf\n"
                                                   "  deskbridge ticket reply 1042 -m \"May we call you?\" --ask-number\n"
                                                   "  deskbridge ticket reply 4821-9376 < answer.txt"},
                                                  arguments, reply);
    add_ticket(*replied, arguments->ticket);
    add_text(*replied, arguments->text, "the text (default: standard input, unless there is a file)");
    replied->add_option("--file", arguments->files, fmt::format("a file to send; several with --file again, {} at most", desk::max_reply_files))
        ->type_name("PATH")
        ->expected(1)
        ->take_all();
    replied->add_flag("--ask-number", arguments->ask_number,
                      "a button under the text shares the customer's phone number, where the channel has such a thing; without files");
    replied->add_option("--quote", arguments->quoted, "number of the message that it answers (ticket show tells it)")
        ->check(number_of("a message", "deskbridge ticket show"))
        ->type_name("MESSAGE");
    auto* noted = add_command<WritingArguments>(ticket, globals,
                                                {"note", "a note that only agents see",
                                                 "Example:\n  deskbridge ticket note 1042 -m \"Depot called, back on Monday\""},
                                                arguments, note);
    add_ticket(*noted, arguments->ticket);
    add_text(*noted, arguments->text, "the text (default: standard input)");
}

} // namespace deskbridge::app
