#include "fuzz/target.hpp"

#include "channel/json_repair.hpp"
#include "deskbridge/channel/json.hpp"
#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace deskbridge::fuzz {
namespace {

using channel::Json;

/// What a reader without limits sees, counted by the library's own callbacks.
struct Measure final : nlohmann::json_sax<Json> {
    bool null() override { return count(); }
    bool boolean(bool) override { return count(); }
    bool number_integer(number_integer_t) override { return count(); }
    bool number_unsigned(number_unsigned_t) override { return count(); }
    bool number_float(number_float_t, string_t const&) override { return count(); }
    bool string(string_t&) override { return count(); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override
    {
        twice = twice || !keys.back().insert(name).second;
        return true;
    }
    bool parse_error(std::size_t, std::string const&, nlohmann::detail::exception const&) override { return false; }

    std::size_t values{0};
    std::size_t depth{0};
    bool twice{false};

private:
    bool count()
    {
        ++values;
        return true;
    }
    bool open()
    {
        keys.emplace_back();
        depth = std::max(depth, keys.size());
        return count();
    }
    bool close()
    {
        keys.pop_back();
        return true;
    }
    std::vector<std::set<std::string>> keys;
};

void check_text(std::string const& text)
{
    must(!first_malformed(text), "a text is not UTF-8");
    must(text.find('\0') == std::string::npos, "a text holds NUL");
}

void check_texts(Json const& node)
{
    if (node.is_string())
        check_text(node.get_ref<std::string const&>());
    if (node.is_object())
        for (auto const& [name, value] : node.items()) {
            check_text(name);
            check_texts(value);
        }
    if (node.is_array())
        for (auto const& value : node)
            check_texts(value);
}

/// The same text with every exponent outside its strings made a 1: as well-formed as before, and no number is too large.
std::string with_small_exponents(std::string_view text)
{
    std::string out;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        out += text[at];
        if (text[at] == '"')
            quoted = !quoted;
        else if (quoted && text[at] == '\\' && at + 1 < text.size())
            out += text[++at];
        if (quoted || text[at] < '0' || text[at] > '9' || at + 1 >= text.size() || (text[at + 1] | 0x20) != 'e')
            continue;
        auto const sign = at + 2 < text.size() && (text[at + 2] == '+' || text[at + 2] == '-') ? std::size_t{1} : std::size_t{0};
        auto const digits = std::min(text.find_first_not_of("0123456789", at + 2 + sign), text.size());
        if (digits == at + 2 + sign)
            continue;
        out += "e1";
        at = digits - 1;
    }
    return out;
}

/// Mending makes texts and numbers harmless, and nothing right that was wrong.
void check_mending(std::string_view text, std::string const& mended)
{
    must(!channel::mend_json(mended), "what was mended needs mending again");
    if (Json::accept(text))
        must(Json::accept(mended), "mending spoiled what was right");
    auto const plain = with_small_exponents(text);
    if (plain.size() < 300)
        must(Json::accept(channel::mend_json(plain).value_or(plain)) == Json::accept(mended),
             "mending changed what is well-formed");
}

} // namespace

/// The guard on depth and size says yes where the library does and no limit is passed, and nowhere else; all texts that
/// come out are sound; what is written is read as the same.
void json(std::string_view input)
{
    constexpr channel::JsonLimits limits{8, 40};
    std::string const mended = channel::mend_json(input).value_or(std::string{input});
    check_mending(input, mended);
    Measure seen;
    bool const well_formed = Json::sax_parse(mended, &seen);
    auto const read = channel::read_json(input, limits);
    bool const within = seen.depth <= static_cast<std::size_t>(limits.depth) && seen.values <= limits.values && !seen.twice;
    must(read.has_value() == (well_formed && within), "the guard and the library disagree");
    must(!well_formed || seen.twice || seen.depth > 32 || channel::read_json(input).has_value(),
         "the usual limits refuse a small text");
    if (!read)
        return;
    check_texts(*read);
    auto const again = channel::read_json(channel::write_json(*read), limits);
    must(again.has_value() && *again == *read, "what was written is read as something else");
}

} // namespace deskbridge::fuzz
