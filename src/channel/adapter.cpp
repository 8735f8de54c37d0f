#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::channel {

std::string_view Account::setting(std::string_view key) const noexcept
{
    auto const found = settings.find(key);
    return found == settings.end() ? std::string_view{} : std::string_view{found->second};
}

std::span<std::string const> Account::secret(std::string_view key) const noexcept
{
    auto const found = secrets.find(key);
    return found == secrets.end() ? std::span<std::string const>{} : std::span<std::string const>{found->second};
}

Result<VerifiedWebhook> VerifiedWebhook::check(Adapter const& adapter, Hook const& hook, HttpRequest raw, Timestamp received_at)
{
    if (!adapter.authentic(hook, raw, received_at))
        return Error{Fault::forbidden, "the signature does not hold"};
    return VerifiedWebhook{std::move(raw)};
}

} // namespace deskbridge::channel
