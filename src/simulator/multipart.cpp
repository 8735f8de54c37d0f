#include "multipart.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

std::string lower(std::string_view text)
{
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

/// A parameter of a header value: `boundary=x`, `name="x"`; without quotes up to the next one, blanks and all, for there are clients that
/// quote nothing (grammy 1.46).
std::string parameter_of(std::string_view value, std::string_view name)
{
    auto const key = std::string{name} + "=";
    auto const small = lower(value);
    for (auto place = small.find(key); place != std::string::npos; place = small.find(key, place + 1)) {
        bool const whole = place > 0 && (small[place - 1] == ' ' || small[place - 1] == ';');
        if (!whole)
            continue;
        auto rest = value.substr(place + key.size());
        if (rest.starts_with('"'))
            return std::string{rest.substr(1, rest.find('"', 1) - 1)};
        rest = rest.substr(0, rest.find(';'));
        return std::string{rest.substr(0, rest.find_last_not_of(' ') + 1)};
    }
    return {};
}

FormPart read_part(std::string_view head, std::string_view bytes)
{
    FormPart part;
    part.bytes = bytes;
    while (!head.empty()) {
        auto const end = std::min(head.find("\r\n"), head.size());
        auto const line = head.substr(0, end);
        head.remove_prefix(std::min(end + 2, head.size()));
        auto const colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        auto const name = lower(line.substr(0, colon));
        auto value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        if (name == "content-disposition") {
            part.name = parameter_of(value, "name");
            part.filename = parameter_of(value, "filename");
        } else if (name == "content-type") {
            part.content_type = value;
        }
    }
    return part;
}

} // namespace

std::optional<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body)
{
    if (!lower(content_type).starts_with("multipart/form-data"))
        return std::nullopt;
    auto const boundary = parameter_of(content_type, "boundary");
    if (boundary.empty() || boundary.size() > 70)
        return std::nullopt;
    auto const mark = "--" + boundary;
    if (!body.starts_with(mark))
        return std::nullopt;
    body.remove_prefix(mark.size());
    std::vector<FormPart> parts;
    while (body.starts_with("\r\n")) {
        auto const next = body.find("\r\n" + mark, 2);
        auto const blank = body.find("\r\n\r\n");
        if (next == std::string_view::npos || blank == std::string_view::npos || blank > next)
            return std::nullopt;
        auto const head = blank > 2 ? body.substr(2, blank - 2) : std::string_view{};
        auto const start = blank + 4;
        parts.push_back(read_part(head, start <= next ? body.substr(start, next - start) : std::string_view{}));
        body.remove_prefix(next + 2 + mark.size());
    }
    if (!body.starts_with("--"))
        return std::nullopt;
    return parts;
}

} // namespace deskbridge::simulator
