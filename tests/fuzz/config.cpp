#include "fuzz/target.hpp"

#include "app/config.hpp"
#include "app/config_written.hpp"
#include "support/scratch_folder.hpp"

#include <algorithm>

namespace deskbridge::fuzz {
namespace {

/// A line on a terminal, whatever stands in the file.
bool is_line(std::string const& text)
{
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !text.empty() && std::none_of(text.begin(), text.end(), is_control);
}

void check_problems(app::Problems const& problems)
{
    for (auto const& problem : problems) {
        must(is_line(app::render(problem)), "a problem is not told in a line");
        must(!problem.expected.empty(), "a problem without what is expected");
    }
}

} // namespace

/// A configuration file, and beside it an account's texts. It is taken or refused with reasons, the same each time.
void config(std::string_view input)
{
    static test::ScratchFolder const folder;
    static auto const texts = folder.write("texts.json", R"({"en": {"closers": ["cheers"]}})");
    auto const file = folder.write("deskbridge.toml", input);
    app::Problems problems;
    auto const loaded = app::load_config(file, problems);
    check_problems(problems);
    must(loaded.has_value() == !app::has_errors(problems), "a file is refused without a reason, or taken with one");
    app::Problems again;
    auto const second = app::load_config(file, again);
    must(second.has_value() == loaded.has_value() && again.size() == problems.size(),
         "a file means something else the second time");
    app::Problems ignored;
    (void)app::find_socket(file, ignored);
    (void)app::find_database(file, ignored);
    check_problems(ignored);
    if (!loaded)
        return;
    must(app::changed_settings(*loaded, *second).empty(), "settings change by themselves");
    must(!loaded->accounts.empty() && loaded->store.readers >= 1 && loaded->store.readers <= 16,
         "a configuration without accounts, or out of its bounds");
    for (auto const& account : loaded->accounts)
        must(account.adapter != nullptr && account.catalogue != nullptr && !account.hook.empty(),
             "an account without channel, texts or hook");
}

} // namespace deskbridge::fuzz
