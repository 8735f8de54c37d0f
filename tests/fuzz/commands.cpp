#include "fuzz/target.hpp"

#include "deskbridge/core/catalogue.hpp"
#include "deskbridge/core/choice_payload.hpp"
#include "deskbridge/core/text.hpp"

namespace deskbridge::fuzz {
namespace {

Catalogue const& catalogue()
{
    static auto const loaded = Catalogue::load({});
    must(loaded.has_value(), "the built-in texts do not load");
    return *loaded;
}

void check_command(std::string_view text)
{
    auto const& words = catalogue().commands();
    auto const found = words.find(text);
    if (!found)
        return;
    auto const lively = " " + std::string{text} + " !";
    auto const again = words.find(lively);
    must(lively.size() > 300 || (again && again->command == found->command && again->language == found->language),
         "spaces and an exclamation mark make another command");
    must((found->command == Command::language) == !found->language.empty(),
         "a language without its name, or a name without a language");
    must(parse_command(render_command(found->command)) == found->command, "a command's word is another's");
    if (found->reference)
        must(found->reference->end <= text.size() && (found->reference->valid || found->reference->marked),
             "a command about a stranger's number");
    else
        must(!words.is_closer(text), "a word is a command and closes the chat as well");
}

void check_payload(std::string_view text)
{
    auto const payload = parse_payload(text);
    if (payload)
        must(parse_payload(render_payload(*payload)) == payload, "a button means another thing when it comes back");
}

} // namespace

/// A whole message that may be a command or a closer, or a button's payload.
void commands(std::string_view input)
{
    check_command(input);
    check_payload(input);
    if (catalogue().commands().is_closer(input))
        must(!is_blank(input), "nothing closes the chat");
}

} // namespace deskbridge::fuzz
