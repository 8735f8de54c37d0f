#include "deskbridge/core/object_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace deskbridge {
namespace {

/// Stands in a JSON string as it is.
bool is_plain(char c) noexcept
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

void write(std::string& out, std::string_view text)
{
    if (!std::all_of(text.begin(), text.end(), is_plain)) {
        out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

void write(std::string& out, bool truth)
{
    out += truth ? "true" : "false";
}

template <class Number>
void write_number(std::string& out, Number number)
{
    std::array<char, 24> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void write(std::string& out, std::int64_t number)
{
    write_number(out, number);
}

void write(std::string& out, std::uint64_t number)
{
    write_number(out, number);
}

void write(std::string& out, ObjectText const* object)
{
    out += object->text();
}

} // namespace

ObjectText::ObjectText(std::initializer_list<Member> members)
{
    constexpr std::size_t usual_member = 24;
    open_.reserve(members.size() * usual_member);
    for (auto const& member : members)
        add(member.name, member.value);
}

void ObjectText::add(std::string_view name, Value const& value)
{
    open_ += open_.empty() ? "{\"" : ",\"";
    open_ += name;
    open_ += "\":";
    std::visit([this](auto const& of) { write(open_, of); }, value.of_);
}

std::string ObjectText::text() const
{
    return open_.empty() ? "{}" : open_ + '}';
}

} // namespace deskbridge
