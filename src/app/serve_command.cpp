#include "serve.hpp"

#include "command_line.hpp"
#include "config.hpp"
#include "logging.hpp"

#include <csignal>
#include <utility>

namespace deskbridge::app {
namespace {

int serve_file(std::string const& given)
{
    std::signal(SIGPIPE, SIG_IGN); // whoever reads what it prints and logs may go away; the daemon stays
    Problems problems;
    auto config = load_config(find_config(given), problems, Secrets::resolve);
    print(problems);
    if (!config)
        return exit_usage;
    auto const log = make_log(config->log);
    return serve(std::move(*config), *log);
}

} // namespace

void add_serve_command(CLI::App& app, Globals& globals)
{
    auto* command = app.add_subcommand("serve", "run the daemon");
    command->footer("Example:\n  deskbridge serve --config /etc/deskbridge/deskbridge.toml\n\nSIGTERM drains and stops; SIGHUP reloads certificates and secrets.");
    command->callback([&globals] { globals.run = [&globals] { return serve_file(globals.config); }; });
}

} // namespace deskbridge::app
