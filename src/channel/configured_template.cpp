#include "deskbridge/channel/configured_template.hpp"

#include <algorithm>

namespace deskbridge::channel {
namespace {

/// Parameters by their order, as the places of the body have them: in the configuration they have no names.
TemplateValues values_of(TemplateCall const& call, std::vector<TemplatePlace> const& places)
{
    TemplateValues values;
    auto parameter = call.parameters.begin();
    for (auto const& place : places)
        if (place.body && parameter != call.parameters.end())
            values.emplace_back(place.key, *parameter++);
    for (; parameter != call.parameters.end(); ++parameter)
        values.emplace_back(std::to_string(values.size() + 1), *parameter);
    return values;
}

} // namespace

Result<OutboundContent> configured_template(AccountContext const& account, KnownTemplates const& known, TemplateCall const& call,
                                            Address const& to)
{
    if (!known.listed) {
        OutboundContent content;
        content.template_call = call;
        return content;
    }
    auto const choice = choose_template(known.named, call.name, call.language);
    if (choice.found == nullptr)
        return Error{Fault::malformed, choice.problem};
    if (auto problem = explain_unusable(*choice.found); !problem.empty())
        return Error{Fault::conflict, std::move(problem)};
    auto const places = account.adapter->template_places(*choice.found);
    auto const known_addresses = to.value.empty() ? std::vector<Address>{} : std::vector<Address>{to};
    return account.adapter->fill_template(*choice.found, values_of(call, places), known_addresses, nullptr);
}

} // namespace deskbridge::channel
