#include "json_reading.hpp"

namespace deskbridge::simulator {
namespace {

constexpr int max_depth = 64;

bool too_deep(std::string_view bytes) noexcept
{
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        char const c = bytes[i];
        if (quoted) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > max_depth)
                return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

} // namespace

std::optional<Json> parse_json(std::string_view bytes)
{
    if (too_deep(bytes))
        return std::nullopt;
    auto doc = Json::parse(bytes, nullptr, false);
    if (doc.is_discarded())
        return std::nullopt;
    return doc;
}

std::string render_json(Json const& doc)
{
    return doc.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json const* at(Json const& doc, std::initializer_list<std::string_view> path)
{
    auto const* here = &doc;
    for (auto const key : path) {
        if (!here->is_object())
            return nullptr;
        auto const found = here->find(std::string{key});
        if (found == here->end())
            return nullptr;
        here = &*found;
    }
    return here;
}

std::optional<std::string> text_at(Json const& doc, std::initializer_list<std::string_view> path)
{
    auto const* found = at(doc, path);
    if (!found || !found->is_string())
        return std::nullopt;
    return found->get<std::string>();
}

std::optional<std::int64_t> int_at(Json const& doc, std::initializer_list<std::string_view> path)
{
    auto const* found = at(doc, path);
    if (!found || !found->is_number_integer())
        return std::nullopt;
    return found->get<std::int64_t>();
}

std::optional<bool> bool_at(Json const& doc, std::initializer_list<std::string_view> path)
{
    auto const* found = at(doc, path);
    if (!found || !found->is_boolean())
        return std::nullopt;
    return found->get<bool>();
}

std::vector<Json> const& items(Json const* array)
{
    static std::vector<Json> const none;
    if (!array || !array->is_array())
        return none;
    return array->get_ref<Json::array_t const&>();
}

std::size_t utf16_length(std::string_view utf8) noexcept
{
    std::size_t units = 0;
    for (char const c : utf8) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x80 || byte >= 0xC0)
            units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

} // namespace deskbridge::simulator
