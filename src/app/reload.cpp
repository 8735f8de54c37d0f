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

} // namespace deskbridge::app
