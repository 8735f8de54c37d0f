#include "shapes.hpp"

#include "deskbridge/core/media.hpp"
#include "deskbridge/core/reference.hpp"
#include "deskbridge/core/time.hpp"

namespace deskbridge::api {
namespace {

using nlohmann::ordered_json;

ordered_json attachment(store::Media const& media)
{
    bool const here = media.state == "fetched";
    return {{"id", media.id},
            {"file_name", media.reference.file_name},
            {"mime_type", media.reference.mime_type},
            {"state", media.state},
            {"reason", text_or_null(media.reason)},
            {"detail", text_or_null(std::string{explain_media_problem(media.reason)})},
            {"next_at", time_or_null(media.next_at)},
            {"content_type", text_or_null(media.content_type)},
            {"size_bytes", here ? ordered_json(media.size) : ordered_json{}},
            {"sha256", text_or_null(media.sha256)}};
}

ordered_json attachments(store::TimelineItem const& item)
{
    auto list = ordered_json::array();
    for (auto const& media : item.media)
        list.push_back(attachment(media));
    return list;
}

ordered_json reactions(store::TimelineItem const& item)
{
    auto list = ordered_json::array();
    for (auto const& reaction : item.reactions)
        list.push_back({{"by", reaction.actor.substr(0, reaction.actor.find(':'))}, {"name", text_or_null(reaction.name)}, {"emoji", reaction.emoji}});
    return list;
}

ordered_json not_told(std::string_view notice, std::string_view reason)
{
    return {{"purpose", notice}, {"reason", reason}, {"detail", explain_withholding(reason)}};
}

ordered_json withheld(store::LoggedEvent const& event)
{
    auto const data = parsed_or_null(event.data);
    auto const word = [&](char const* key) { return data.is_object() ? data.value(key, std::string{}) : std::string{}; };
    auto json = not_told(word("purpose"), word("reason"));
    json["at"] = render_rfc3339(event.at);
    return json;
}

template <class Items>
ordered_json shapes(Items const& items)
{
    auto list = ordered_json::array();
    for (auto const& item : items)
        list.push_back(shape(item));
    return list;
}

} // namespace

ordered_json time_or_null(std::optional<Timestamp> at)
{
    return at ? ordered_json(render_rfc3339(*at)) : ordered_json{};
}

ordered_json text_or_null(std::string const& text)
{
    return text.empty() ? ordered_json{} : ordered_json(text);
}

ordered_json parsed_or_null(std::string const& json)
{
    auto value = ordered_json::parse(json, nullptr, false);
    return value.is_discarded() ? ordered_json{} : value;
}

ordered_json shape(store::Placement const& placement)
{
    return {{"rule", placement.rule},
            {"action", placement.action},
            {"ticket", id_or_null(placement.to)},
            {"from_ticket", id_or_null(placement.from)},
            {"candidates", parsed_or_null(placement.candidates)},
            {"guess", placement.guess},
            {"reason", placement.reason},
            {"settings_version", placement.settings_version},
            {"by", render_actor_kind(placement.actor.kind)},
            {"at", render_rfc3339(placement.at)},
            {"undone_at", time_or_null(placement.undone_at)}};
}

ordered_json shape(store::Agent const& agent)
{
    return {{"id", agent.id.value},
            {"name", agent.name},
            {"unix_user", agent.unix_user ? ordered_json(*agent.unix_user) : ordered_json{}},
            {"role", store::render_agent_role(agent.role)},
            {"created_at", render_rfc3339(agent.created_at)},
            {"disabled_at", time_or_null(agent.disabled_at)}};
}

ordered_json shape(store::BroughtFile const& brought)
{
    store::Media media;
    media.id = brought.attachment;
    media.reference = {{}, brought.mime_type, brought.file_name, {}};
    media.state = "fetched";
    media.sha256 = brought.file.sha256;
    media.size = brought.file.size;
    media.content_type = brought.file.content_type;
    return attachment(media);
}

ordered_json pause_or_null(std::optional<store::Pause> const& pause)
{
    if (!pause)
        return {};
    return {{"by", store::render_paused_by(pause->by)}, {"reason", pause->reason}, {"at", time_or_null(pause->at)}};
}

ordered_json shape(std::vector<store::Agent> const& agents)
{
    return {{"data", shapes(agents)}};
}

ordered_json shape(desk::TicketCard const& card)
{
    auto const& row = card.row;
    auto const& ticket = row.ticket;
    auto const& silent = card.not_told;
    return {{"number", ticket.id.value},
            {"reference", show_reference(ticket.reference, "")},
            {"status", render_status(ticket.status)},
            {"subject", ticket.subject},
            {"assignee", text_or_null(row.assignee)},
            {"contact",
             {{"id", row.contact.value},
              {"name", row.contact_name},
              {"username", text_or_null(row.contact_username)},
              {"flagged", text_or_null(row.contact_flagged)}}},
            {"group", text_or_null(row.group)},
            {"account", row.account_name},
            {"channel", row.channel},
            {"account_paused", pause_or_null(row.account_paused)},
            {"follow_up_of", id_or_null(ticket.follow_up_of)},
            {"merged_into", id_or_null(ticket.merged_into)},
            {"summary", ticket.summary},
            {"opened_at", render_rfc3339(ticket.opened_at)},
            {"solved_at", time_or_null(ticket.solved_at)},
            {"last_activity_at", render_rfc3339(ticket.last_activity)},
            {"last_step", ticket.last_step},
            {"reply_window_ends_at", time_or_null(card.reply_window_ends_at)},
            {"free_entry_ends_at", time_or_null(row.free_entry_until)},
            {"unseen", ticket.unseen},
            {"not_told", silent ? not_told(render_notice(silent->notice), render_withholding(silent->why)) : ordered_json{}},
            {"version", ticket.version}};
}

ordered_json shape(desk::TicketPage const& page)
{
    return {{"data", shapes(page.tickets)}, {"page", {{"next", text_or_null(page.next)}, {"has_more", !page.next.empty()}}}};
}

ordered_json shape(desk::TicketDetail const& detail)
{
    auto ticket = shape(detail.ticket);
    if (detail.contact)
        ticket["contact"] = shape(*detail.contact);
    ticket["referrals"] = shapes(detail.referrals);
    ticket["timeline"] = shapes(detail.timeline);
    auto list = ordered_json::array();
    for (auto const& event : detail.withheld)
        list.push_back(withheld(event));
    ticket["withheld"] = std::move(list);
    ticket["earlier"] = detail.earlier;
    ticket["unreachable"] = nullptr;
    if (detail.barrier)
        ticket["unreachable"] = {{"because", render_barrier(detail.barrier->barrier)},
                                 {"since", render_rfc3339(detail.barrier->since)},
                                 {"detail", explain_barrier(detail.barrier->barrier)}};
    ticket["link"] = text_or_null(detail.link);
    return ticket;
}

ordered_json shape(store::TimelineItem const& item)
{
    auto const& message = item.message;
    return {{"id", message.id.value},
            {"ticket", id_or_null(message.ticket)},
            {"direction", store::render_direction(message.direction)},
            {"author", {{"kind", render_actor_kind(message.actor.kind)}, {"name", item.author}}},
            {"class", text_or_null(message.message_class)},
            {"purpose", message.purpose},
            {"kind", message.kind},
            {"text", message.text},
            {"details", parsed_or_null(message.details)},
            {"attachments", attachments(item)},
            {"quoted", id_or_null(message.quoted)},
            {"quoted_external_id", text_or_null(message.quoted_external_id.value_or(""))},
            {"reactions", reactions(item)},
            {"at", render_rfc3339(message.provider_at)},
            {"received_at", render_rfc3339(message.received_at)},
            {"late", message.late},
            {"edited_at", time_or_null(message.edited_at)},
            {"deleted_at", time_or_null(message.deleted_at)},
            {"command", message.command},
            {"delivery", item.delivery},
            {"delivery_reason", item.delivery_reason},
            {"cost_class", item.price ? ordered_json(cost_class(*item.price)) : ordered_json{}},
            {"placements", shapes(item.placements)}};
}

ordered_json shape(store::LoggedEvent const& event)
{
    return {{"seq", event.seq.value},
            {"type", event.type},
            {"at", render_rfc3339(event.at)},
            {"actor", {{"kind", render_actor_kind(event.actor.kind)}, {"id", event.actor.id ? ordered_json(event.actor.id) : ordered_json{}}}},
            {"ticket", id_or_null(event.ticket)},
            {"message", id_or_null(event.message)},
            {"account", id_or_null(event.account)},
            {"data", parsed_or_null(event.data)}};
}

std::string dump(ordered_json const& json)
{
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace deskbridge::api
