#include "serve.hpp"

#include "command.hpp"
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
    add_command(app, globals,
                {"serve", "run the daemon",
                 "SIGTERM and SIGINT drain and stop; SIGHUP reloads certificates and secrets. What it does goes to standard error, a line for each\n"
                 "decision.\n\nExit status: 0 stopped by a signal, 1 it could not start or crashed, 2 the configuration is wrong,\n"
                 "70 the disk or the file system failed the database: the last line of the log says what next.\n\n"
                 "Example:\n  deskbridge serve --config /etc/deskbridge/deskbridge.toml"},
                [&globals] { return serve_file(globals.config); });
}

} // namespace deskbridge::app
