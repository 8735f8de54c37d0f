#include "deskbridge/core/withholding.hpp"

#include <array>

namespace deskbridge {
namespace {

struct Word {
    Withholding why;
    std::string_view word;
    std::string_view meaning;
};

constexpr auto words = std::to_array<Word>({
    {Withholding::capped, "capped", "this customer has had as many automatic messages within the hour as are allowed"},
    {Withholding::window_closed, "window_closed", "the reply window is closed"},
    {Withholding::opted_out, "opted_out", "the customer said stop"},
    {Withholding::switched_off, "switched_off", "messages of this kind are switched off for the account"},
    {Withholding::no_account, "no_account", "the account is not configured any more"},
    {Withholding::group, "group", "groups get no automatic messages"},
    {Withholding::template_refused, "template_refused", "the configured template may not be sent: deskbridge template ls says why"},
    {Withholding::failed, "failed", "it could not be made; the daemon's log says why"},
});

} // namespace

std::string_view render_withholding(Withholding why) noexcept
{
    for (auto const& entry : words)
        if (entry.why == why)
            return entry.word;
    return {};
}

std::string_view explain_withholding(std::string_view word) noexcept
{
    for (auto const& entry : words)
        if (entry.word == word)
            return entry.meaning;
    return {};
}

} // namespace deskbridge
