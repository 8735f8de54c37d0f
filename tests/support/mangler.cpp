#include "support/mangler.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace deskbridge::test {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 16> usual_words{
    "null", "[]", "{}", "\"\"", "0",        "-1",     "1e999", "\"\\ud83d\"", "\\u0000", "\xC3\x28",
    "[[[[", "}}",  ",",  "\\",  "\"\\udc00x\"", "18446744073709551616"};

void collect(Json& node, std::vector<Json*>& found)
{
    found.push_back(&node);
    if (node.is_structured())
        for (auto& child : node)
            collect(child, found);
}

} // namespace

std::size_t Mangler::roll(std::size_t below)
{
    return below == 0 ? 0 : static_cast<std::size_t>(dice_() % below);
}

std::string_view Mangler::word()
{
    auto const at = roll(usual_words.size() + words_.size());
    return at < usual_words.size() ? usual_words[at] : std::string_view{words_[at - usual_words.size()]};
}

std::string Mangler::bytes(std::string input)
{
    auto const changes = 1 + roll(4);
    for (std::size_t i = 0; i < changes && !input.empty(); ++i) {
        auto const at = roll(input.size());
        auto const length = std::min(1 + roll(40), input.size() - at);
        switch (roll(5)) {
        case 0: input[at] = static_cast<char>(dice_()); break;
        case 1: input.erase(at, length); break;
        case 2: input.insert(at, input.substr(roll(input.size()), length)); break;
        case 3: input.insert(at, word()); break;
        default: input.resize(at); break;
        }
    }
    return input;
}

std::string Mangler::tree(Json doc)
{
    std::array<Json, 14> const shapes{nullptr, Json::array(), Json::object(), "", "x", 0, -1, 1e300, true,
                                      Json::array({nullptr}), Json::array({Json::array()}), "DE.1", std::string(600, 'w'),
                                      Json::object({{"id", 7}})};
    auto const changes = 1 + roll(3);
    for (std::size_t i = 0; i < changes; ++i) {
        std::vector<Json*> nodes;
        collect(doc, nodes);
        auto& node = *nodes[roll(nodes.size())];
        auto const kind = roll(4);
        if (kind == 0 && node.is_array() && !node.empty())
            node.push_back(Json(node[roll(node.size())]));
        else if (kind == 1 && node.is_object() && !node.empty())
            node.erase(std::next(node.begin(), static_cast<std::ptrdiff_t>(roll(node.size()))));
        else
            node = shapes[roll(shapes.size())];
    }
    return doc.dump(-1, ' ', roll(2) == 0, Json::error_handler_t::replace);
}

} // namespace deskbridge::test
