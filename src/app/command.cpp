#include "command.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <string_view>

namespace deskbridge::app {
namespace {

/// A whole number above 0.
bool is_number(std::string_view text)
{
    std::int64_t value = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() && value > 0;
}

} // namespace

CLI::App* add_group(CLI::App& above, char const* name, char const* meaning)
{
    return above.add_subcommand(name, meaning)->require_subcommand(1);
}

CLI::App* add_command(CLI::App& group, Globals& globals, Naming const& naming, std::function<int()> run)
{
    auto* sub = group.add_subcommand(naming.name, naming.meaning)->footer(std::string{naming.footer});
    return sub->callback([&globals, run = std::move(run)] { globals.run = run; });
}

CLI::Option* add_ticket(CLI::App& command, std::string& ticket)
{
    return command.add_option("ticket", ticket, "number (1042 or #1042) or reference (4821-9376)")->required()
        ->check(CLI::Validator{[](std::string& text) { return text.empty() ? "which one? deskbridge ticket ls tells them" : ""; }, ""})
        ->type_name("TICKET");
}

void add_limit(CLI::App& command, Limit& limit)
{
    auto* entries = command.add_option("--limit", limit.entries, "how many")->check(CLI::Range(1, 1'000'000).description(""))->type_name("N");
    entries->capture_default_str();
    command.add_flag("--all", limit.all, "as many as there are")->excludes(entries);
}

CLI::Validator number_of(std::string thing, std::string told_by)
{
    return CLI::Validator{[thing = std::move(thing), told_by = std::move(told_by)](std::string& text) {
                              return is_number(text) ? std::string{} : fmt::format("\"{}\" is no number of {}; {} tells it", text, thing, told_by);
                          },
                          ""};
}

CLI::Validator named(std::string expected)
{
    return CLI::Validator{[expected = std::move(expected)](std::string& text) {
                              bool const nothing = text.find_first_not_of(" ,") == std::string::npos;
                              return nothing ? fmt::format("\"{}\" names nothing; expected {}", text, expected) : std::string{};
                          },
                          ""};
}

CLI::Validator number_of_message()
{
    return CLI::Validator{[plain = number_of("a message", "deskbridge outbox ls")](std::string& text) {
                              auto const plus = text.find('+');
                              if (plus != std::string::npos && is_number(std::string_view{text}.substr(plus + 1)))
                                  text.erase(plus);
                              return plain(text);
                          },
                          ""};
}

std::string full_name(CLI::App const& command)
{
    auto const* above = command.get_parent();
    return above ? full_name(*above) + " " + command.get_name() : command.get_name();
}

} // namespace deskbridge::app
