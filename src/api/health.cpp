#include "fields.hpp"
#include "requests.hpp"
#include "shapes.hpp"

namespace deskbridge::api {
namespace {

using nlohmann::ordered_json;

ordered_json aspect_of(store::HealthRow const& row)
{
    auto const& is = row.as;
    return {{"aspect", render_health_aspect(is.aspect)},
            {"subject", text_or_null(is.subject)},
            {"state", is.state},
            {"severity", render_severity(is.severity)},
            {"cause", text_or_null(is.cause)},
            {"next_step", text_or_null(is.next_step)},
            {"since", render_rfc3339(row.since)},
            {"until", time_or_null(is.until)},
            {"told_at", render_rfc3339(row.told_at)},
            {"heard_at", render_rfc3339(row.heard_at)},
            {"source", render_health_source(row.source)}};
}

ordered_json check_of(desk::AccountHealth const& health)
{
    auto const& check = health.check;
    bool const asked = health.cannot.empty() && check.next_at != Timestamp{};
    return {{"checked_at", time_or_null(check.checked_at)},
            {"tried_at", time_or_null(check.tried_at)},
            {"next_at", asked ? time_or_null(check.next_at) : ordered_json{}},
            {"problem", text_or_null(health.cannot.empty() ? check.problem : health.cannot)}};
}

} // namespace

void read(net::Request const& request, desk::ShowHealth& into, std::vector<FieldError>&)
{
    into.account = request.parameters.front();
}

void read(net::Request const& request, desk::VerifyAccount& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.account = request.parameters.front();
    into.hook = fields.optional_flag("hook");
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::TestAccount& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.account = request.parameters.front();
    into.to = fields.text("to", max_word);
    into.name = fields.optional_text("template", max_template_name);
    into.language = fields.optional_text("language", max_word);
    into.values = fields.optional_texts("values", max_values, max_value);
    into.text = into.name.empty() ? fields.text("text", max_text) : fields.optional_text("text", max_text);
    into.client_key = idempotency_key(request, errors);
    take_errors(fields, errors);
}

ordered_json shape(desk::MonthCosts const& costs)
{
    auto messages = ordered_json::object();
    for (auto const cost_class : cost_classes)
        if (auto const found = costs.messages.find(cost_class); found != costs.messages.end())
            messages[std::string{cost_class}] = found->second;
    return {{"month", costs.month},
            {"messages", std::move(messages)},
            {"free_quota", costs.free_quota > 0 ? ordered_json(costs.free_quota) : ordered_json{}}};
}

ordered_json shape(desk::AccountHealth const& health)
{
    auto aspects = ordered_json::array();
    for (auto const& row : health.aspects)
        aspects.push_back(aspect_of(row));
    return {{"account", shape(health.account)},
            {"costs", shape(health.costs)},
            {"aspects", std::move(aspects)},
            {"last_inbound_at", time_or_null(health.last_inbound)},
            {"check", check_of(health)}};
}

} // namespace deskbridge::api
