#include "api.hpp"

#include "deskbridge/channel/digest.hpp"

namespace deskbridge::telegram {
namespace {

constexpr std::string_view word_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

constexpr std::size_t longest_secret = 256;

bool is_word(std::string_view text)
{
    return !text.empty() && text.find_first_not_of(word_characters) == std::string_view::npos;
}

bool is_digits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_token_of(std::string_view bot, std::string_view token)
{
    return is_token(token) && token.substr(0, token.find(':')) == bot;
}

std::string api_base_of(channel::Account const& account)
{
    auto base = account.setting("api_base");
    while (base.ends_with('/'))
        base.remove_suffix(1);
    return std::string{base};
}

} // namespace

bool is_token(std::string_view text)
{
    auto const colon = text.find(':');
    return colon != std::string_view::npos && is_digits(text.substr(0, colon)) && is_word(text.substr(colon + 1));
}

bool is_secret(std::string_view text)
{
    return text.size() <= longest_secret && is_word(text);
}

std::vector<std::string_view> tokens_of(channel::Account const& account)
{
    std::vector<std::string_view> found;
    for (auto const& token : account.secret("bot_token"))
        if (is_token_of(account.setting("bot_id"), token))
            found.emplace_back(token);
    return found;
}

std::string method_url(channel::Account const& account, std::string_view token, std::string_view method)
{
    return api_base_of(account).append("/bot").append(token).append("/").append(method);
}

std::string file_url(channel::Account const& account, std::string_view token, std::string_view path)
{
    return api_base_of(account).append("/file/bot").append(token).append("/").append(path);
}

HttpRequest call(channel::Account const& account, std::string_view token, std::string_view method, std::string parameters)
{
    return {"POST", method_url(account, token, method), {{"Content-Type", "application/json"}}, std::move(parameters)};
}

bool has_secret_shape(HttpRequest const& head)
{
    auto const secret = head.headers.find(secret_header);
    return secret && is_secret(*secret);
}

bool is_from_telegram(channel::Hook const& hook, HttpRequest const& raw)
{
    if (!has_secret_shape(raw))
        return false;
    bool held = false;
    for (auto const* account : hook.accounts)
        for (auto const& secret : account->secret("webhook_secret"))
            held = (!secret.empty() && channel::same_bytes(*raw.headers.find(secret_header), secret)) || held;
    return held;
}

} // namespace deskbridge::telegram
