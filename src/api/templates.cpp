#include "fields.hpp"
#include "requests.hpp"
#include "shapes.hpp"

namespace deskbridge::api {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t max_language = 64;

ordered_json places_of(desk::TemplateCard const& card)
{
    auto list = ordered_json::array();
    for (auto const& place : card.places)
        list.push_back({{"key", place.key}, {"required", place.required}});
    return list;
}

ordered_json cards_of(std::vector<desk::TemplateCard> const& cards)
{
    auto list = ordered_json::array();
    for (auto const& card : cards)
        list.push_back(shape(card));
    return list;
}

} // namespace

void read(net::Request const& request, desk::ListTemplates& into, std::vector<FieldError>& errors)
{
    into.account = request.parameters.front();
    into.statuses = words_of(query_parameter(request.http.target, "status").value_or(""));
    into.after = whole_number(request, "after", 0, {1, INT64_MAX}, errors);
    into.limit = static_cast<int>(whole_number(request, "limit", 50, {1, 200}, errors));
}

void read(net::Request const& request, desk::ShowTemplate& into, std::vector<FieldError>&)
{
    into.account = request.parameters[0];
    into.name = request.parameters[1];
}

void read(net::Request const& request, desk::SyncTemplates& into, std::vector<FieldError>& errors)
{
    into.account = request.parameters.front();
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::SendTemplate& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.ticket = request.parameters.front();
    into.name = fields.text("name", max_template_name);
    into.language = fields.optional_text("language", max_language);
    into.values = fields.optional_texts("values", max_values, max_value);
    into.header_attachment = fields.optional_id("header_attachment");
    into.client_key = idempotency_key(request, errors);
    take_errors(fields, errors);
}

ordered_json shape(desk::TemplateCard const& card)
{
    auto const& one = card.row.as;
    return {{"id", card.row.id},
            {"name", one.name},
            {"language", one.language},
            {"category", one.category},
            {"status", one.status},
            {"quality", text_or_null(one.quality)},
            {"reason", text_or_null(one.reason)},
            {"usable", card.problem.empty()},
            {"problem", text_or_null(card.problem)},
            {"places", places_of(card)},
            {"components", parsed_or_null(one.components)},
            {"listed_at", render_rfc3339(card.row.listed_at)},
            {"changed_at", render_rfc3339(card.row.changed_at)}};
}

ordered_json shape(std::vector<desk::TemplateCard> const& cards)
{
    return {{"data", cards_of(cards)}};
}

ordered_json shape(desk::TemplateListState const& state)
{
    auto const& list = state.list;
    bool const asked = state.cannot.empty() && list.next_at != Timestamp{};
    return {{"synced_at", time_or_null(list.synced_at)},
            {"tried_at", time_or_null(list.tried_at)},
            {"next_at", asked ? time_or_null(list.next_at) : ordered_json{}},
            {"problem", text_or_null(state.cannot.empty() ? list.problem : state.cannot)}};
}

ordered_json shape(desk::TemplatePage const& page)
{
    auto const next = page.next != 0 ? std::to_string(page.next) : std::string{};
    return {{"data", cards_of(page.templates)},
            {"page", {{"next", text_or_null(next)}, {"has_more", page.next != 0}}},
            {"list", shape(page.state)}};
}

} // namespace deskbridge::api
