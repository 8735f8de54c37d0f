#include "plan.hpp"

#include "deskbridge/channel/plan.hpp"
#include "deskbridge/core/text.hpp"

namespace deskbridge::whatsapp {
namespace {

constexpr std::size_t longest_gap = 4; ///< spaces in a row within a template's parameter

std::string fit_parameter(std::string const& raw)
{
    std::string fitted;
    std::size_t gap = 0;
    for (char const c : clean_text(raw)) {
        bool const space = c == ' ' || c == '\n' || c == '\t';
        gap = space ? gap + 1 : 0;
        if (gap <= longest_gap)
            fitted += space ? ' ' : c;
    }
    return fitted.find_first_not_of(' ') == std::string::npos ? "-" : fitted;
}

OutboundContent fit_template(OutboundContent content)
{
    for (auto& parameter : content.template_call->parameters)
        parameter = fit_parameter(parameter);
    content.buttons.clear();
    content.list.reset();
    return content;
}

} // namespace

std::vector<OutboundContent> plan_messages(OutboundContent const& content, channel::Capabilities const& can)
{
    return content.template_call ? std::vector{fit_template(content)} : channel::plan_messages(content, can);
}

} // namespace deskbridge::whatsapp
