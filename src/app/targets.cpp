#include "targets.hpp"

#include "answers.hpp"

#include "deskbridge/channel/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace deskbridge::app {

std::string target_of(std::string path, Parameters const& parameters)
{
    for (auto const& [name, value] : parameters)
        if (!value.empty())
            path = channel::with_query(std::move(path), {{name, value}});
    return path;
}

std::string ticket_target(std::string const& ticket, std::string_view rest)
{
    return fmt::format("/v1/tickets/{}{}", channel::escape_url(ticket), rest);
}

std::string message_target(std::int64_t message, std::string_view rest)
{
    return fmt::format("/v1/messages/{}{}", message, rest);
}

std::optional<bool> for_each_page(ControlClient& client, std::string const& first, Limit const& limit,
                                  std::function<void(nlohmann::ordered_json const& page)> const& take)
{
    constexpr std::size_t largest_page = 200;
    auto left = limit.all ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(limit.entries);
    for (std::string after;;) {
        auto const page = client.get(target_of(first, {{"limit", std::to_string(std::min(left, largest_page))}, {"after", after}}));
        if (!page)
            return std::nullopt;
        take(*page);
        left -= std::min(left, page->at("data").size());
        after = text(page->at("page"), "next");
        if (after.empty() || left == 0)
            return !after.empty();
    }
}

nlohmann::ordered_json values_of(std::vector<std::string> const& parameters)
{
    auto values = nlohmann::ordered_json::object();
    for (auto const& word : parameters) {
        auto const equals = word.find('=');
        if (equals == std::string::npos || equals == 0)
            throw WrongUsage(fmt::format("--param \"{}\": a value needs a name\nfix:   --param 1=VALUE, or --param NAME=VALUE "
                                         "(deskbridge template show tells which the template wants)", word));
        auto const key = word.substr(0, equals);
        if (values.contains(key))
            throw WrongUsage(fmt::format("--param {}: given twice", key));
        values[key] = word.substr(equals + 1);
    }
    return values;
}

} // namespace deskbridge::app
