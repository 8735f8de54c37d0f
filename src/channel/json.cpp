#include "deskbridge/channel/json.hpp"

#include "json_repair.hpp"

#include <charconv>
#include <cmath>

namespace deskbridge::channel {
namespace {

/// Builds the tree and refuses what costs too much before it is built.
class Builder final : public nlohmann::json_sax<Json> {
public:
    explicit Builder(JsonLimits limits) : limits_{limits} {}

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, string_t const&) override { return put(value); }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return fail("binary"); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        if (cut_ > 0)
            return true;
        auto const [place, fresh] = open_.back()->get_ref<Json::object_t&>().emplace(std::move(name), nullptr);
        member_ = &place->second;
        return fresh || fail("a key occurs twice in one object");
    }

    bool parse_error(std::size_t position, std::string const&, nlohmann::detail::exception const&) override
    {
        return fail("not JSON from byte " + std::to_string(position));
    }

    Json root;
    std::string why;

private:
    bool fail(std::string reason)
    {
        why = std::move(reason);
        return false;
    }

    Json* add(Json value)
    {
        if (++values_ > limits_.values) {
            fail("more than " + std::to_string(limits_.values) + " values");
            return nullptr;
        }
        if (open_.empty()) {
            root = std::move(value);
            return &root;
        }
        if (open_.back()->is_array()) {
            open_.back()->push_back(std::move(value));
            return &open_.back()->back();
        }
        *member_ = std::move(value);
        return member_;
    }

    bool put(Json value) { return cut_ > 0 || add(std::move(value)) != nullptr; }

    bool open(Json empty)
    {
        bool const too_deep = open_.size() >= static_cast<std::size_t>(limits_.depth);
        if (too_deep && !limits_.cut_deeper)
            return fail("nested deeper than " + std::to_string(limits_.depth));
        if (too_deep)
            return put(nullptr) && ++cut_ > 0;
        auto* place = add(std::move(empty));
        if (place != nullptr)
            open_.push_back(place);
        return place != nullptr;
    }

    bool close()
    {
        if (cut_ > 0)
            --cut_;
        else
            open_.pop_back();
        return true;
    }

    JsonLimits limits_;
    std::size_t values_{0};
    std::size_t cut_{0};       ///< containers that are open below the last one that is kept
    std::vector<Json*> open_; ///< an open container lies in one that does not grow meanwhile: the pointers hold
    Json* member_{nullptr};
};

std::optional<std::size_t> index_of(std::string_view name) noexcept
{
    std::size_t index = 0;
    auto const [stopped, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (error != std::errc{} || stopped != name.data() + name.size())
        return std::nullopt;
    return index;
}

Json const* child_of(Json const& node, std::string_view name) noexcept
{
    if (node.is_object()) {
        auto const& members = node.get_ref<Json::object_t const&>();
        auto const found = members.find(name);
        return found == members.end() ? nullptr : &found->second;
    }
    auto const index = node.is_array() ? index_of(name) : std::nullopt;
    return index && *index < node.size() ? &node[*index] : nullptr;
}

/// Doubles beyond this cannot be told from their neighbours, and converting larger ones is undefined.
constexpr double largest_exact = 9007199254740992.0;

} // namespace

Result<Json> read_json(std::string_view text, JsonLimits limits)
{
    auto const mended = mend_json(text);
    auto const& readable = mended ? std::string_view{*mended} : text;
    Builder builder{limits};
    if (!Json::sax_parse(readable.begin(), readable.end(), &builder))
        return Error{Fault::malformed, builder.why};
    return std::move(builder.root);
}

Json const* node_at(Json const& node, std::string_view pointer) noexcept
{
    auto const* here = &node;
    while (here != nullptr && !pointer.empty()) {
        pointer.remove_prefix(1);
        auto const end = std::min(pointer.find('/'), pointer.size());
        here = child_of(*here, pointer.substr(0, end));
        pointer.remove_prefix(end);
    }
    return here;
}

Json const* object_at(Json const& node, std::string_view pointer) noexcept
{
    auto const* found = node_at(node, pointer);
    return found != nullptr && found->is_object() ? found : nullptr;
}

Json const* array_at(Json const& node, std::string_view pointer) noexcept
{
    auto const* found = node_at(node, pointer);
    return found != nullptr && found->is_array() ? found : nullptr;
}

std::optional<std::string> text_at(Json const& node, std::string_view pointer)
{
    auto const* found = node_at(node, pointer);
    if (found == nullptr || !found->is_string())
        return std::nullopt;
    return found->get_ref<std::string const&>();
}

std::optional<std::int64_t> int_at(Json const& node, std::string_view pointer) noexcept
{
    auto const* found = node_at(node, pointer);
    if (found == nullptr || !found->is_number_integer())
        return std::nullopt;
    if (found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
        return std::nullopt;
    return found->get<std::int64_t>();
}

std::optional<bool> bool_at(Json const& node, std::string_view pointer) noexcept
{
    auto const* found = node_at(node, pointer);
    if (found == nullptr || !found->is_boolean())
        return std::nullopt;
    return found->get<bool>();
}

std::optional<std::string> loose_text_at(Json const& node, std::string_view pointer)
{
    if (auto text = text_at(node, pointer))
        return text;
    auto const* found = node_at(node, pointer);
    if (found == nullptr || !found->is_number_integer())
        return std::nullopt;
    return found->dump();
}

std::optional<std::int64_t> loose_int_at(Json const& node, std::string_view pointer) noexcept
{
    auto const* found = node_at(node, pointer);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_number_float()) {
        double const value = found->get<double>();
        if (std::abs(value) > largest_exact || std::trunc(value) != value)
            return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    if (!found->is_string())
        return int_at(*found, "");
    auto const& digits = found->get_ref<std::string const&>();
    std::int64_t value = 0;
    auto const [stopped, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || stopped != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

std::optional<double> loose_number_at(Json const& node, std::string_view pointer) noexcept
{
    auto const* found = node_at(node, pointer);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_number())
        return found->get<double>();
    if (!found->is_string())
        return std::nullopt;
    auto const& digits = found->get_ref<std::string const&>();
    double value = 0;
    auto const [stopped, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || stopped != digits.data() + digits.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::string write_json(Json const& node)
{
    return node.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace deskbridge::channel
