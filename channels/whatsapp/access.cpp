#include "access.hpp"

#include "errors.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/url.hpp"

namespace deskbridge::whatsapp {

std::vector<Access> accesses_of(channel::Account const& account)
{
    std::vector<Access> all;
    for (auto const& token : account.secret("access_token")) {
        for (auto const& secret : account.secret("app_secret"))
            all.push_back({token, secret});
        if (account.secret("app_secret").empty())
            all.push_back({token, {}});
    }
    return all;
}

std::optional<std::size_t> access_after(std::vector<Access> const& all, std::size_t tried, HttpResponse const& answer)
{
    if (!is_access_refused(answer))
        return std::nullopt;
    auto next = tried + 1;
    if (!is_proof_refused(answer))
        while (next < all.size() && all[next].token == all[tried].token)
            ++next;
    return next < all.size() ? std::optional{next} : std::nullopt;
}

std::string url_with(Access const& access, std::string url, std::initializer_list<QueryPart> query)
{
    url = channel::with_query(std::move(url), query);
    if (access.app_secret.empty())
        return url;
    return channel::with_query(std::move(url), {{"appsecret_proof", channel::hmac_sha256_hex(access.app_secret, access.token)}});
}

std::string bearer(Access const& access)
{
    return "Bearer " + access.token;
}

HttpRequest get_with(Access const& access, std::string url, std::initializer_list<QueryPart> query)
{
    return {"GET", url_with(access, std::move(url), query), {{"Authorization", bearer(access)}}, {}};
}

} // namespace deskbridge::whatsapp
