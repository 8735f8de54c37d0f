#include "fuzz/target.hpp"

#include "deskbridge/core/content.hpp"
#include "deskbridge/core/text.hpp"
#include "fuzz/scenes.hpp"

namespace deskbridge::fuzz {
namespace {

/// What a channel plans keeps the channel's own limits.
void check_plan(OutboundContent const& content)
{
    for (auto const& scene : scenes()) {
        auto const can = scene.adapter().capabilities(scene.account());
        for (auto const& planned : scene.adapter().plan(content, can)) {
            bool const choices = !planned.buttons.empty() || planned.list;
            must(utf16_units(planned.text) <= (choices ? can.max_body_units : can.max_text_units), "a planned text is too long");
            must(planned.buttons.size() <= can.max_buttons && (!planned.list || planned.list->rows.size() <= can.max_rows),
                 "too many choices are planned");
            auto const step = scene.adapter().next(scene.account(), {planned, scene.customer(), "", "att-1"}, {});
            if (auto const* request = std::get_if<channel::Step>(&step))
                must(!first_malformed(request->request.body), "a request is not UTF-8");
        }
    }
}

} // namespace

/// An intent's row, as it comes back from the database.
void content(std::string_view input)
{
    auto const parsed = parse_content(input);
    if (!parsed)
        return;
    auto const again = parse_content(render_content(*parsed));
    must(again.has_value() && *again == *parsed, "a message to send is another one when it comes back");
    check_plan(*parsed);
}

} // namespace deskbridge::fuzz
