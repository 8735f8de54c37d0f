#include "deskbridge/store/contact_list.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <limits>

namespace deskbridge::store {
namespace {

// Reply windows' index has the order already, to the minute, so lists cost intake nothing; within a minute it is made here. Somebody with
// several chats stands where the latest of them does.
constexpr char const* select_writers =
    "SELECT c.contact_id, c.name, c.username, v.window_from_ms, v.conversation_id, "
    "?1 <> '' AND EXISTS (SELECT 1 FROM identity i WHERE i.contact_id = c.contact_id AND lower(i.value) LIKE ?1 ESCAPE '!') "
    "FROM conversation v JOIN contact c ON c.contact_id = v.contact_id "
    "WHERE v.window_minute <= ?2 / 60000 AND (v.window_from_ms, v.conversation_id) < (?2, ?3) AND c.merged_into IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM conversation o WHERE o.contact_id = v.contact_id AND o.window_from_ms IS NOT NULL "
    "AND (o.window_from_ms, o.conversation_id) > (v.window_from_ms, v.conversation_id)) "
    "ORDER BY v.window_minute DESC, v.window_from_ms DESC, v.conversation_id DESC";

constexpr char const* select_silent =
    "SELECT c.contact_id, c.name, c.username, NULL, NULL, "
    "?1 <> '' AND EXISTS (SELECT 1 FROM identity i WHERE i.contact_id = c.contact_id AND lower(i.value) LIKE ?1 ESCAPE '!') "
    "FROM contact c WHERE c.contact_id < ?2 AND c.merged_into IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM conversation v WHERE v.contact_id = c.contact_id AND v.window_from_ms IS NOT NULL) "
    "ORDER BY c.contact_id DESC";

/// Anywhere in it; what LIKE would take for a wildcard is itself.
std::string pattern_of(std::string_view part)
{
    if (part.empty())
        return {};
    std::string pattern{"%"};
    for (char const c : part) {
        if (c == '%' || c == '_' || c == '!')
            pattern += '!';
        pattern += c;
    }
    return pattern + '%';
}

bool fits(Statement const& row, ContactQuery const& query)
{
    if (query.name.empty() && query.address.empty())
        return true;
    if (row.boolean(5))
        return true;
    auto const has = [&](std::string const& name) { return fold_for_match(name).find(query.name) != std::string::npos; };
    return !query.name.empty() && (has(row.text(1)) || has(row.text(2)));
}

/// Up to as many as are still wanted.
void take(Statement& rows, ContactQuery const& query, std::vector<ContactPlace>& into)
{
    while (into.size() < static_cast<std::size_t>(query.limit) && rows.step())
        if (fits(rows, query))
            into.push_back({rows.maybe_time(3), rows.id<ConversationId>(4), rows.id<ContactId>(0)});
}

std::vector<ContactPlace> places_of(Reading& reading, ContactQuery const& query)
{
    constexpr auto last = std::numeric_limits<std::int64_t>::max();
    auto const pattern = pattern_of(query.address);
    std::vector<ContactPlace> places;
    if (!query.after || query.after->wrote_at) {
        auto rows = reading.prepare(select_writers);
        rows.bind(1, std::string_view{pattern});
        rows.bind(2, query.after ? to_ms(*query.after->wrote_at) : last);
        rows.bind(3, query.after ? query.after->conversation.value : last);
        take(rows, query, places);
    }
    auto rows = reading.prepare(select_silent);
    rows.bind(1, std::string_view{pattern});
    rows.bind(2, query.after && !query.after->wrote_at ? query.after->contact.value : last);
    take(rows, query, places);
    return places;
}

} // namespace

std::vector<ContactRow> find_contacts(Reading& reading, ContactQuery const& query)
{
    std::vector<ContactRow> out;
    for (auto const& place : places_of(reading, query)) {
        auto contact = find_contact(reading, place.contact);
        if (!contact)
            continue;
        ContactRow row{std::move(*contact), place};
        row.addresses = identities_of(reading, place.contact);
        std::erase_if(row.addresses, [](Identity const& identity) { return identity.valid_to.has_value(); });
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace deskbridge::store
