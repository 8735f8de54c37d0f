#include "guard.hpp"

#include "syntax.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace deskbridge::net {
namespace {

constexpr std::size_t max_method = 24;
constexpr std::size_t request_line_rest = max_method + 11; // method, two spaces, version
constexpr Refusal none{0, {}};

bool is_control(char c) noexcept
{
    auto const byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

Refusal read_target(std::string_view target, std::size_t limit) noexcept
{
    if (target.size() > limit)
        return {414, "target_too_long"};
    if (!target.starts_with('/'))
        return {400, "target_form"};
    if (!std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; }))
        return {400, "target_bytes"};
    return none;
}

Refusal read_request_line(std::string_view line, std::size_t max_target, Head& head)
{
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return {400, "request_line"};
    auto const method = line.substr(0, first);
    auto const target = line.substr(first + 1, last - first - 1);
    auto const version = line.substr(last + 1);
    if (!is_token(method) || method.size() > max_method)
        return {400, "method"};
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return {400, "version"};
    if (auto const refused = read_target(target, max_target); refused.status != 0)
        return refused;
    head.method = method;
    head.target = target;
    head.http11 = version == "HTTP/1.1";
    return none;
}

/// What programs behind us that take '_' for '-' would read as framing: "Content_Length".
bool is_disguised_framing(std::string_view name)
{
    if (name.find('_') == std::string_view::npos)
        return false;
    std::string plain{name};
    std::replace(plain.begin(), plain.end(), '_', '-');
    return same_word(plain, "Content-Length") || same_word(plain, "Transfer-Encoding");
}

Refusal read_field(std::string_view line, Headers& headers)
{
    if (line.front() == ' ' || line.front() == '\t')
        return {400, "folded_line"};
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
        is_disguised_framing(line.substr(0, colon)))
        return {400, "field_name"};
    auto const value = trimmed(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), is_control))
        return {400, "field_value"};
    headers.add(std::string{line.substr(0, colon)}, std::string{value});
    return none;
}

Refusal read_fields(std::string_view rest, std::size_t max_fields, Headers& headers)
{
    std::size_t count = 0;
    while (true) {
        auto const end = rest.find("\r\n");
        if (end == std::string_view::npos)
            return {400, "incomplete"};
        if (end == 0)
            return rest.size() == 2 ? none : Refusal{400, "trailing_bytes"};
        if (++count > max_fields)
            return {431, "too_many_fields"};
        if (auto const refused = read_field(rest.substr(0, end), headers); refused.status != 0)
            return refused;
        rest.remove_prefix(end + 2);
    }
}

std::string without_brackets(std::string_view host)
{
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return lower_case(host);
}

Refusal read_host(Head& head, std::span<std::string const> hosts)
{
    auto const value = head.headers.find("Host");
    if (!value)
        return {400, head.headers.count("Host") == 0 ? "host_missing" : "host_repeated"};
    auto const authority = parse_authority(*value);
    if (!authority)
        return {400, "host_malformed"};
    head.host = without_brackets(authority->host);
    auto const same = [&](std::string const& allowed) { return without_brackets(allowed) == head.host; };
    if (!hosts.empty() && std::none_of(hosts.begin(), hosts.end(), same))
        return {400, "host_unknown"};
    return none;
}

bool may_have_body(std::string_view method) noexcept
{
    constexpr std::array without{std::string_view{"GET"}, std::string_view{"HEAD"}, std::string_view{"OPTIONS"},
                                 std::string_view{"TRACE"}, std::string_view{"CONNECT"}};
    return std::find(without.begin(), without.end(), method) == without.end();
}

Refusal read_framing(Head& head, bool takes_chunks)
{
    auto const lengths = head.headers.count("Content-Length");
    auto const encodings = head.headers.count("Transfer-Encoding");
    if (encodings > 0) {
        auto const coding = head.headers.find("Transfer-Encoding");
        bool const plain = head.http11 && lengths == 0 && coding && lower_case(*coding) == "chunked";
        if (!plain)
            return {400, "transfer_encoding"};
        if (!takes_chunks)
            return {411, "chunked_body"};
        head.chunked = may_have_body(head.method);
        return head.chunked ? none : Refusal{400, "unexpected_body"};
    }
    if (lengths == 0)
        return none;
    if (lengths > 1)
        return {400, "content_length"};
    auto const length = parse_digits(*head.headers.find("Content-Length"));
    if (!length)
        return {400, "content_length"};
    if (*length > 0 && !may_have_body(head.method))
        return {400, "unexpected_body"};
    head.content_length = *length;
    return none;
}

Refusal read_connection(Head& head)
{
    bool close = !head.http11;
    for (auto const& [name, value] : head.headers)
        if (same_word(name, "Connection"))
            close = close || has_list_word(value, "close");
    head.keep_alive = !close;
    if (head.headers.count("Expect") == 0 || !head.http11)
        return none;
    auto const expected = head.headers.find("Expect");
    if (!expected || !same_word(*expected, "100-continue"))
        return {417, "expectation"};
    head.expects_continue = true;
    return none;
}

} // namespace

std::variant<std::size_t, Refusal> HeadScanner::scan(std::string_view bytes) noexcept
{
    for (; at_ < bytes.size(); ++at_) {
        if (first_line_ && at_ > limits_.max_target + request_line_rest)
            return Refusal{414, "target_too_long"};
        if (at_ >= limits_.max_header)
            return Refusal{431, "header_too_long"};
        char const c = bytes[at_];
        bool const after_cr = at_ > 0 && bytes[at_ - 1] == '\r';
        if (c == '\n' && !after_cr)
            return Refusal{400, "bare_lf"};
        if (c != '\n' && after_cr)
            return Refusal{400, "bare_cr"};
        if (c == '\r' && at_ == 0)
            return Refusal{400, "empty_line"};
        if (is_control(c) && c != '\r' && c != '\n')
            return Refusal{400, "control_byte"};
        if (c != '\n')
            continue;
        if (at_ - 1 == line_)
            return ++at_;
        line_ = at_ + 1;
        first_line_ = false;
    }
    return std::size_t{0};
}

std::variant<Head, Refusal> inspect_head(std::string_view block, GuardLimits const& limits,
                                         std::span<std::string const> hosts)
{
    HeadScanner scanner{limits};
    auto const scanned = scanner.scan(block);
    if (auto const* refused = std::get_if<Refusal>(&scanned))
        return *refused;
    if (std::get<std::size_t>(scanned) != block.size() || block.empty())
        return Refusal{400, std::get<std::size_t>(scanned) == 0 ? "incomplete" : "trailing_bytes"};
    Head head;
    auto const line = block.substr(0, block.find("\r\n"));
    auto refused = read_request_line(line, limits.max_target, head);
    if (refused.status == 0)
        refused = read_fields(block.substr(line.size() + 2), limits.max_fields, head.headers);
    if (refused.status == 0)
        refused = read_host(head, hosts);
    if (refused.status == 0)
        refused = read_framing(head, limits.chunked);
    if (refused.status == 0)
        refused = read_connection(head);
    if (refused.status != 0)
        return refused;
    return head;
}

} // namespace deskbridge::net
