#include "reload.hpp"

#include "config_written.hpp"

namespace deskbridge::app {

void log_reload(Log& log, Config const& running, std::optional<Config> const& fresh, Problems const& problems)
{
    for (auto const& problem : problems) {
        if (problem.severity == Severity::error)
            log.error("reload_refused", {{"reason", render(problem)}});
        else
            log.warning("configuration_doubtful", {{"reason", render(problem)}});
    }
    if (!fresh)
        return;
    log.info("secrets_reloaded", {{"accounts", fresh->accounts.size()}});
    for (auto const& setting : changed_settings(running, *fresh))
        log.warning("restart_needed", {{"setting", setting}});
}

void Reload::begin()
{
    if (++wanted_ == 1)
        parts_.tasks.spawn("reload", run());
}

boost::asio::awaitable<void> Reload::run()
{
    for (int done = 0; done < wanted_;) {
        done = wanted_;
        Problems problems;
        std::optional<Config> fresh;
        auto read = [&] { fresh = load_config(parts_.running.file, problems, Secrets::resolve); };
        co_await parts_.pool.run(read);
        log_reload(parts_.log, parts_.running, fresh, problems);
        parts_.take_over(fresh);
    }
    wanted_ = 0;
}

} // namespace deskbridge::app
