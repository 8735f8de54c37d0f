#include "contents.hpp"
#include "health.hpp"
#include "reading.hpp"
#include "system.hpp"
#include "templates.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

/// Fields whose value is a list of events of their own; in every other field the whole value is one.
struct ListedField {
    std::string_view field;
    std::string_view list;
};

constexpr std::array<ListedField, 8> listed_fields{{{"calls", "/calls"},
                                                    {"calls", "/statuses"},
                                                    {"user_preferences", "/user_preferences"},
                                                    {"user_id_update", "/user_id_update"},
                                                    {"group_lifecycle_update", "/groups"},
                                                    {"group_participants_update", "/groups"},
                                                    {"group_settings_update", "/groups"},
                                                    {"group_status_update", "/groups"}}};

/// Copies of conversations that are not ours to act on: beside what is said in them, how much there was.
constexpr std::array<std::string_view, 3> bulk_fields{"history", "smb_app_state_sync", "standby"};

template <class List, class Value>
bool contains(List const& list, Value const& value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<std::string> numbers_of_waba(channel::Hook const& hook, std::string_view waba_id)
{
    std::vector<std::string> found;
    for (auto const* account : hook.accounts)
        if (account->setting("waba_id") == waba_id)
            found.push_back(account->number);
    return found;
}

/// Whom a notice without a phone number id is for: the accounts of its WABA, else those that name none (any may be of it: a
/// changed id that one of them missed would make a stranger of a customer), else the first one of the hook.
std::vector<std::string> accounts_for(Change const& change, Collector const& into)
{
    if (!change.account_number.empty())
        return {change.account_number};
    auto found = numbers_of_waba(into.hook(), change.waba_id);
    if (found.empty())
        found = numbers_of_waba(into.hook(), {});
    if (found.empty() && !into.hook().accounts.empty())
        found.push_back(into.hook().accounts.front()->number);
    return found;
}

/// The numbers of the WABA that a notice is about: what it names, else its entry's. A hook's only number that names no WABA is meant.
std::vector<std::string> owners_told(Change const& change, channel::Hook const& hook)
{
    auto const named = name_at(change.value, "/waba_info/waba_id");
    auto owners = numbers_of_waba(hook, named.empty() ? change.waba_id : named);
    if (owners.empty() && hook.accounts.size() == 1)
        return numbers_of_waba(hook, {});
    return owners;
}

/// Equal for every delivery of a notice: made of what it says, never of when it came here.
std::string hash_of(Change const& change, std::string_view kind, Json const& node)
{
    return fingerprint({change.waba_id, change.entry_time, kind, channel::write_json(node)});
}

/// Who an item is about, wherever it says so. In a call of ours `from` is the business.
std::optional<Sender> person_in(Json const& item, Change const& change)
{
    if (name_at(item, "/direction") == "BUSINESS_INITIATED") {
        auto callee = addresses_at(item, {"/to", "/to_user_id", "/to_parent_user_id"});
        return callee.empty() ? std::nullopt : std::optional{change.people.complete(std::move(callee))};
    }
    constexpr std::array<PersonPlaces, 3> places{{{"/from", "/from_user_id", "/from_parent_user_id"},
                                                  {"/wa_id", "/user_id", "/parent_user_id"},
                                                  {"/recipient_id", "/recipient_user_id", {}}}};
    for (auto const& place : places)
        if (auto addresses = addresses_at(item, place); !addresses.empty())
            return change.people.complete(std::move(addresses));
    return std::nullopt;
}

/// Of marketing, from this number. Source: developers.facebook.com, WhatsApp "user_preferences webhook reference" (2026-08).
std::optional<bool> wants_marketing(Json const& item, Change const& change)
{
    auto const value = name_at(item, "/value");
    bool const about_it = change.field == "user_preferences" && name_at(item, "/category") == "marketing_messages";
    return about_it && (value == "stop" || value == "resume") ? std::optional{value == "resume"} : std::nullopt;
}

/// @param hash  tells this notice from others of its kind.
void record(Change const& change, std::string_view kind, Json const& node, std::string const& hash, Collector& into)
{
    auto const owners = numbers_of_waba(into.hook(), change.waba_id); // another WABA's templates are none of ours, whatever their names
    auto const told = owners_told(change, into.hook());
    for (auto& account : accounts_for(change, into)) {
        auto about = contains(owners, account) ? read_template_change(change) : std::nullopt;
        auto news = read_health_news(change, {account, contains(told, account), told.size() == 1, change.at});
        into.notice(std::move(account),
                    ChannelNotice{std::string{kind}, person_in(node, change), time_at(node, "/timestamp", change.at),
                                  render_details(node), std::move(about), std::move(news), {}, wants_marketing(node, change)},
                    hash);
    }
}

std::size_t size_at(Json const& node, std::string_view place)
{
    auto const* list = channel::array_at(node, place);
    return list != nullptr ? list->size() : 0;
}

Json summary_of(Json const& value)
{
    auto summary = Json::object();
    for (std::string_view const list : {"messages", "message_echoes", "statuses", "state_sync", "history"}) {
        // What another app takes care of comes in the value or in an object of its own.
        auto const count = size_at(value, "/" + std::string{list}) + size_at(value, "/standby/" + std::string{list});
        if (count > 0)
            summary[std::string{list}] = count;
    }
    if (auto const* errors = channel::array_at(value, "/errors"))
        summary["errors"] = *errors;
    if (auto const* chunks = channel::array_at(value, "/history"))
        for (auto const& chunk : *chunks) {
            if (auto const* position = channel::object_at(chunk, "/metadata"))
                summary["chunk"] = *position;
            if (auto const* errors = channel::array_at(chunk, "/errors"))
                summary["errors"] = *errors;
            summary["threads"] = summary.value("threads", std::size_t{0}) + size_at(chunk, "/threads");
        }
    return summary;
}

void record_summary(Change const& change, Collector& into)
{
    auto const hash = hash_of(change, change.field, change.value);
    for (auto& account : accounts_for(change, into))
        into.notice(std::move(account),
                    ChannelNotice{change.field, std::nullopt, change.at, render_details(summary_of(change.value))}, hash);
}

/// A changed id is an event of its own; an item that does not say whose, or anything else, is recorded.
void record_item(Change const& change, Json const& item, Collector& into)
{
    auto identity = change.field == "user_id_update" ? read_user_id_update(item, change.at) : std::nullopt;
    if (!identity) {
        record(change, change.field, item, hash_of(change, change.field, item), into);
        return;
    }
    auto key = identity->id.value;
    for (auto& account : accounts_for(change, into))
        into.add(std::move(account), key, *identity);
}

bool is_empty(Json const& node)
{
    return node.is_null() || node.empty();
}

/// Is there nothing left to tell: lists that have been read, or are empty, and nothing beside them?
bool is_idle(Json const& value)
{
    constexpr std::array<std::string_view, 3> lists{"messages", "message_echoes", "statuses"};
    constexpr std::array<std::string_view, 3> frame{"messaging_product", "metadata", "contacts"};
    bool has_list = false;
    bool has_items = false;
    bool has_more = false;
    for (auto const& [name, node] : value.get_ref<Json::object_t const&>()) {
        bool const is_list = contains(lists, name);
        has_list = has_list || is_list;
        has_items = has_items || (is_list && !is_empty(node));
        has_more = has_more || (!is_list && !contains(frame, name) && !is_empty(node));
    }
    return has_items || (has_list && !has_more);
}

} // namespace

void read_other_field(Change const& change, Collector& into)
{
    if (contains(bulk_fields, change.field)) {
        record_summary(change, into);
        if (change.field == "history")
            read_history(change, into);
        if (change.field == "standby")
            read_standby(change, into);
        return;
    }
    bool found = false;
    for (auto const& row : listed_fields) {
        auto const* items = row.field == change.field ? channel::array_at(change.value, row.list) : nullptr;
        if (items == nullptr)
            continue;
        for (auto const& item : *items)
            if (row.list != "/calls" || !read_call(item, change, into))
                record_item(change, item, into);
        found = found || !items->empty();
    }
    if (found)
        return;
    // Customers' words under a name that is not known: as a notice nobody would see them, on the shelf they wait for replay.
    if (size_at(change.value, "/messages") + size_at(change.value, "/message_echoes") > 0)
        into.unreadable(change.account_number, change.value, "messages in a field that is not known");
    else
        record(change, change.field, change.value, hash_of(change, change.field, change.value), into);
}

void read_account_parts(Change const& change, Collector& into)
{
    bool found = false;
    for (std::string_view const part : {"errors", "user_actions", "conversation_context"}) {
        auto const* node = channel::node_at(change.value, "/" + std::string{part});
        if (node == nullptr || is_empty(*node))
            continue;
        // Errors repeat word by word; the messages beside them tell one time from another.
        record(change, part, *node, hash_of(change, part, change.value), into);
        found = true;
    }
    if (!found && !is_idle(change.value))
        record(change, change.field, change.value, hash_of(change, change.field, change.value), into);
}

} // namespace deskbridge::whatsapp
