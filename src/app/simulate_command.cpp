#include "command.hpp"
#include "logging.hpp"
#include "secret.hpp"
#include "simulate_numbers.hpp"

#include "deskbridge/async/clock.hpp"
#include "deskbridge/simulator/simulator.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <exception>
#include <memory>
#include <string>

namespace deskbridge::app {
namespace {

namespace asio = boost::asio;

/// A secret given as it is, or by the file that holds it.
struct SecretOption {
    std::string value;
    std::string file;

    /// False after an error was printed.
    bool resolve_into(std::string& out) const
    {
        if (file.empty()) {
            out = value;
            return true;
        }
        auto const secret = resolve(SecretSource{SecretSource::Kind::file, file});
        if (secret)
            out = *secret;
        else
            fmt::print(stderr, "error: found {}; expected a file with the secret on one line\n", secret.error().detail);
        return secret.has_value();
    }
};

struct SimulateArguments {
    simulator::Options options;
    std::string state;
    SecretOption app_secret;
    SecretOption access_token;
    SecretOption verify_token;
    SecretOption telegram_token;
    std::string numbers;
};

asio::awaitable<void> until_signal(asio::io_context& io, simulator::Simulator& simulator)
{
    asio::signal_set signals{io, SIGINT, SIGTERM};
    co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    co_await simulator.stop();
    io.stop();
}

int simulate(SimulateArguments& arguments)
{
    auto& options = arguments.options;
    if (!arguments.app_secret.resolve_into(options.app_secret) || !arguments.access_token.resolve_into(options.access_token) ||
        !arguments.verify_token.resolve_into(options.verify_token) || !arguments.telegram_token.resolve_into(options.telegram_token))
        return exit_usage;
    options.state_dir = arguments.state;
    if (!arguments.numbers.empty()) {
        Problems problems;
        options.further_numbers = read_numbers(arguments.numbers, problems);
        print(problems);
        if (has_errors(problems))
            return exit_usage;
    }
    auto const log = make_log(LogConfig{});
    async::SystemClock clock;
    asio::io_context io{1};
    simulator::Simulator simulator{io, options, clock, *log};
    auto const port = simulator.start();
    if (!port) {
        fmt::print(stderr, "error: {}\n", port.error().detail);
        return port.error().fault == Fault::malformed ? exit_usage : exit_failure;
    }
    std::signal(SIGPIPE, SIG_IGN); // whoever reads the log may go away
    asio::co_spawn(io, until_signal(io, simulator), [](std::exception_ptr crash) {
        if (crash)
            std::rethrow_exception(crash);
    });
    io.run();
    return exit_ok;
}

void add_secret(CLI::App& command, std::string const& name, SecretOption& option, std::string const& meaning)
{
    auto* value = command.add_option("--" + name, option.value, meaning);
    command.add_option("--" + name + "-file", option.file, "the same, from a file")->type_name("FILE")->excludes(value);
}

void add_hook(CLI::App& command, simulator::Options& options)
{
    command.add_option("--hook", options.hook_url, "where webhooks go")->type_name("URL");
    command.add_option("--hook-ca-file", options.hook_ca_file, "certificates of who may have signed the hook's; without it whom the system trusts")
        ->type_name("FILE");
    command.add_option("--hook-certificate-file", options.hook_certificate, "shown to hooks that ask for a certificate")->type_name("FILE");
    command.add_option("--hook-key-file", options.hook_key, "the key of that certificate")->type_name("FILE");
}

void add_number(CLI::App& command, SimulateArguments& arguments)
{
    auto& options = arguments.options;
    command.add_option("--phone-number-id", options.phone_number_id, "id of the business number")->capture_default_str();
    command.add_option("--waba-id", options.waba_id, "id of the business account")->capture_default_str();
    command.add_option("--display-phone-number", options.display_phone_number, "the business number itself, digits only")->capture_default_str();
    command.add_option("--business-name", options.business_name, "name on the phone page")->capture_default_str();
    command.add_option("--numbers", arguments.numbers, "further numbers: a TOML file with a table [[number]] for each")->type_name("FILE");
    command.add_flag_callback("--no-sample-customers", [&options] { options.sample_customers = false; }, "begin without the three customers that a new state folder gets");
}

void add_milliseconds(CLI::App& command, std::string const& name, std::chrono::milliseconds& value, std::string const& meaning)
{
    command
        .add_option_function<int>(name, [&value](int ms) { value = std::chrono::milliseconds{ms}; }, meaning)
        ->check(CLI::Range(0, 600'000))
        ->type_name("MS")
        ->default_str(std::to_string(value.count()));
}

void add_pace(CLI::App& command, simulator::Options& options)
{
    command.add_option("--time-scale", options.time_scale, "webhook retries are this much faster than the provider's")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--messages-per-second", options.messages_per_second, "what the number may send; more is refused with 130429")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    command.add_option("--free-service-messages", options.free_service_messages, "free-form messages of a number and month that cost nothing")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    add_milliseconds(command, "--sent-after-ms", options.sent_after, "from taking a message to its status sent");
    add_milliseconds(command, "--delivered-after-ms", options.delivered_after, "from sent to delivered, if the phone is on");
    add_milliseconds(command, "--hook-timeout-ms", options.hook_timeout, "longest wait for the answer to one webhook");
}

void add_quirks(CLI::App& command, simulator::Options& options)
{
    command.add_flag("--refuse-closed-window", options.refuse_closed_window,
                     "outside the 24-hour window refuse with 400 and 131047 at once, instead of 200 and a failed status");
    command.add_flag("--refuse-unknown-media", options.refuse_unknown_media,
                     "refuse a media id that is none (any more) with 400 and 100 at once, instead of 200 and a failed status");
    command.add_flag("--edits-unsupported", options.edits_unsupported, "customers' edits arrive as unsupported, as on numbers without the phone app");
    command.add_flag("--raw-utf8", options.raw_utf8, "webhook bodies in plain UTF-8 instead of \\uXXXX");
    command.add_flag("--fsync", options.fsync, "sync chats and ledger after every line");
}

void add_bot(CLI::App& command, SimulateArguments& arguments)
{
    add_secret(command, "telegram-token", arguments.telegram_token, "plays Telegram's Bot API server too, below /telegram, for this bot");
    command.add_option("--telegram-username", arguments.options.telegram_username, "the bot's user name")->capture_default_str();
    command.add_option("--telegram-per-second", arguments.options.telegram_per_second, "what the bot may send; more is refused with 429")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
}

constexpr auto examples = R"(Examples:
  deskbridge simulate --listen 127.0.0.1:9100 --state sim --hook http://127.0.0.1:8080/hooks/support \
    --app-secret-file secrets/app_secret --access-token-file secrets/access_token --verify-token-file secrets/verify_token
  … --messages-per-second 5                  a slow number: see how the daemon paces itself
  … --refuse-closed-window                   the stricter of the two answers to a late reply
  … --edits-unsupported --raw-utf8           the payloads of another kind of number
  … --sent-after-ms 0 --delivered-after-ms 0 ticks at once, for tests
  … --numbers numbers.toml                   more numbers, of the same business account or of others
  deskbridge simulate --state sim --telegram-token-file secrets/bot_token
                                             a Telegram bot alone: api_base = "http://127.0.0.1:9100/telegram"

While it runs, faults are set over its control API, for example a send that is taken and never answered:
  curl -d '{"kind": "hang", "accept": true}' http://127.0.0.1:9100/sim/faults)";

} // namespace

void add_simulate_command(CLI::App& app, Globals& globals)
{
    auto const arguments = std::make_shared<SimulateArguments>();
    constexpr auto meaning = "a stand-in for WhatsApp's servers, with a phone page, and for Telegram's";
    auto* command = add_command(app, globals, {"simulate", meaning, examples}, [arguments] { return simulate(*arguments); });
    auto& options = arguments->options;
    command->add_option("--listen", options.listen, "address:port")->capture_default_str();
    command->add_option("--state", arguments->state, "folder for chats and ledger")->required()->type_name("DIR");
    add_hook(*command, options);
    add_number(*command, *arguments);
    add_pace(*command, options);
    add_quirks(*command, options);
    add_secret(*command, "app-secret", arguments->app_secret, "signs webhooks");
    add_secret(*command, "access-token", arguments->access_token, "what clients must bear");
    add_secret(*command, "verify-token", arguments->verify_token, "shown in the handshake");
    add_bot(*command, *arguments);
}

} // namespace deskbridge::app
