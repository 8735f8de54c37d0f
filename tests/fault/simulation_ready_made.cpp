#include "simulation_ready_made.hpp"

#include "simulation_adapter.hpp"
#include "simulation_memory.hpp"

#include "deskbridge/channel/registry.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/store.hpp"
#include "flow/meta.hpp"
#include "support/scratch_folder.hpp"

#include <malloc.h>
#include <sqlite3.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace deskbridge::test::sim {

namespace {

class DeafLog final : public Log {
public:
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

std::string bytes_of_empty_database()
{
    ScratchFolder const folder;
    auto const file = folder.path() / "deskbridge.db";
    {
        DeafLog log;
        Metrics metrics;
        store::StoreSettings settings;
        settings.path = file;
        settings.readers = 1;
        auto const opened = store::Store::open(settings, log, metrics);
        if (!opened)
            throw std::runtime_error{opened.error().detail};
    }
    auto bytes = bytes_in_memory(file);
    forget_in_memory(file);
    return bytes;
}

std::string const& empty_database()
{
    static auto const bytes = bytes_of_empty_database();
    return bytes;
}

/// The built-in texts, parsed.
std::shared_ptr<Catalogue const> built_in_catalogue()
{
    static auto const loaded = [] {
        auto catalogue = Catalogue::load({});
        if (!catalogue)
            throw std::runtime_error{catalogue.error().detail};
        return std::make_shared<Catalogue const>(std::move(*catalogue));
    }();
    return loaded;
}

} // namespace

std::unique_ptr<channel::AccountContext> make_account(int n, bool keeps, bool hold)
{
    static HoldingAdapter const holding{*channel::find_adapter("whatsapp")};
    auto context = std::make_unique<channel::AccountContext>();
    context->adapter = hold ? &holding : channel::find_adapter("whatsapp");
    context->hook = "meta";
    context->account.name = "number" + std::to_string(n);
    context->account.settings = {{"phone_number_id", "70010020030040" + std::to_string(n)}, {"waba_id", waba_id}, {"api_base", "https://graph.test/v25.0"}};
    context->account.secrets = {{"app_secret", {app_secret}}, {"access_token", {"test-token"}}, {"verify_token", {"verify-me"}}};
    context->adapter->identify(context->account);
    context->policy.name = context->account.name;
    context->policy.brand = "acme";
    context->policy.settings_version = "test";
    context->policy.window_template = keeps ? "we_answered" : "";
    context->policy.window_template_language = "en";
    context->catalogue = built_in_catalogue();
    return context;
}

void place_empty_database(std::filesystem::path const& file)
{
    place_in_memory(file, empty_database());
}

void prepare_process()
{
    if (sqlite3_config(SQLITE_CONFIG_MULTITHREAD) != SQLITE_OK || sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
        throw std::runtime_error{"SQLite is in use already"};
    keep_databases_in_memory();
    (void)::mallopt(M_ARENA_MAX, 1);
    if (std::filesystem::is_directory("/dev/shm") && std::getenv("TMPDIR") == nullptr)
        ::setenv("TMPDIR", "/dev/shm", 0);
    (void)built_in_catalogue(); // before this process divides itself
    (void)empty_database();
}

} // namespace deskbridge::test::sim
