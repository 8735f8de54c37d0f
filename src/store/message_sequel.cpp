// What happens to a message later: edits, deletions, reactions; and the files that came with it.
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/message.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace deskbridge::store {
namespace {

using nlohmann::json;

std::string render_addresses(std::vector<Address> const& addresses)
{
    auto list = json::array();
    for (auto const& address : addresses)
        list.push_back(json::array({address.kind, address.value}));
    return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<Address> parse_addresses(std::string_view text)
{
    std::vector<Address> addresses;
    auto const list = json::parse(text, nullptr, false);
    for (auto const& pair : list)
        if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string())
            addresses.push_back({pair[0].get<std::string>(), pair[1].get<std::string>()});
    return addresses;
}

constexpr std::string_view member = "customer:"; ///< and the contact's number

std::optional<Contact> member_of(Reading& reading, std::string_view actor)
{
    if (!actor.starts_with(member))
        return std::nullopt;
    ContactId id;
    auto const digits = actor.substr(member.size());
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), id.value);
    return read.ec == std::errc{} ? find_contact(reading, id) : std::nullopt;
}

} // namespace

void revise_message(Tx& tx, Revised const& revised)
{
    auto const before = find_message(tx, revised.message);
    if (!before)
        return;
    {
        auto q = tx.prepare("INSERT INTO message_version (message_id, version, kind, text_before, provider_at_ms, received_at_ms) "
                            "SELECT ?1, 1 + coalesce(max(version), 0), ?2, ?3, ?4, ?5 FROM message_version WHERE message_id = ?1");
        q.bind(1, revised.message);
        q.bind(2, std::string_view{revised.kind});
        q.bind(3, std::string_view{before->text});
        q.bind(4, revised.provider_at);
        q.bind(5, revised.received_at);
        q.run();
    }
    auto q = tx.prepare("UPDATE message SET text = ?2, edited_at_ms = coalesce(?3, edited_at_ms), "
                        "deleted_at_ms = coalesce(?4, deleted_at_ms) WHERE message_id = ?1");
    bool const deleted = revised.kind == "deletion";
    q.bind(1, revised.message);
    q.bind(2, deleted ? std::string_view{} : std::string_view{revised.text});
    auto const at = believed(revised.provider_at, revised.received_at);
    q.bind(3, deleted ? std::nullopt : std::optional{at});
    q.bind(4, deleted ? std::optional{at} : std::nullopt);
    q.run();
}

void complete_message(Tx& tx, MessageId id, std::string_view text, std::string_view details)
{
    auto q = tx.prepare("UPDATE message SET text = ?2, details = ?3 WHERE message_id = ?1");
    q.bind(1, id);
    q.bind(2, text);
    q.bind(3, details);
    q.run();
}

void park(Tx& tx, Parked const& parked)
{
    auto q = tx.prepare("INSERT INTO message_parked (account_id, target_external_id, kind, actor, sender, group_external_id, text, "
                        "provider_at_ms, received_at_ms, journal_id, event_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
                        "ON CONFLICT (account_id, target_external_id, kind, actor, sender, group_external_id) DO UPDATE SET "
                        "text = excluded.text, provider_at_ms = excluded.provider_at_ms, received_at_ms = excluded.received_at_ms, "
                        "journal_id = excluded.journal_id, event_key = excluded.event_key "
                        "WHERE min(excluded.provider_at_ms, excluded.received_at_ms) >= "
                        "min(message_parked.provider_at_ms, message_parked.received_at_ms)");
    auto const sender = render_addresses(parked.sender);
    q.bind(1, parked.account);
    q.bind(2, std::string_view{parked.target_external_id});
    q.bind(3, std::string_view{parked.kind});
    q.bind(4, std::string_view{parked.actor});
    q.bind(5, std::string_view{sender});
    q.bind(6, std::string_view{parked.group});
    q.bind(7, std::string_view{parked.text});
    q.bind(8, parked.provider_at);
    q.bind(9, parked.received_at);
    q.bind(10, parked.journal);
    q.bind(11, std::string_view{parked.event_key});
    q.run();
}

std::vector<Parked> take_parked(Tx& tx, AccountId account, std::string_view target_external_id)
{
    std::vector<Parked> out;
    {
        auto q = tx.prepare("SELECT kind, actor, sender, group_external_id, text, provider_at_ms, received_at_ms, journal_id, event_key "
                            "FROM message_parked WHERE account_id = ?1 AND target_external_id = ?2 "
                            "ORDER BY min(provider_at_ms, received_at_ms), kind DESC");
        q.bind(1, account);
        q.bind(2, target_external_id);
        while (q.step())
            out.push_back({account, std::string{target_external_id}, q.text(0), q.text(1), parse_addresses(q.text(2)), q.text(3),
                           q.text(4), q.time(5), q.time(6), q.id<JournalId>(7), q.text(8)});
    }
    if (out.empty())
        return out;
    auto q = tx.prepare("DELETE FROM message_parked WHERE account_id = ?1 AND target_external_id = ?2");
    q.bind(1, account);
    q.bind(2, target_external_id);
    q.run();
    return out;
}

void set_reaction(Tx& tx, MessageId id, StoredReaction const& reaction)
{
    // A removal is kept as an empty emoji: an older reaction that comes later must not bring it back.
    auto q = tx.prepare("INSERT INTO message_reaction (message_id, actor, emoji, provider_at_ms) VALUES (?1, ?2, ?3, ?4) "
                        "ON CONFLICT (message_id, actor) DO UPDATE SET emoji = excluded.emoji, "
                        "provider_at_ms = excluded.provider_at_ms WHERE excluded.provider_at_ms >= message_reaction.provider_at_ms");
    q.bind(1, id);
    q.bind(2, std::string_view{reaction.actor});
    q.bind(3, std::string_view{reaction.emoji});
    q.bind(4, reaction.provider_at);
    q.run();
}

std::vector<StoredReaction> reactions_of(Reading& reading, MessageId id)
{
    std::vector<StoredReaction> out;
    {
        auto q = reading.prepare("SELECT actor, emoji, provider_at_ms FROM message_reaction "
                                 "WHERE message_id = ?1 AND emoji <> '' ORDER BY provider_at_ms, actor");
        q.bind(1, id);
        while (q.step())
            out.push_back({q.text(0), q.text(1), q.time(2)});
    }
    for (auto& reaction : out)
        if (auto const contact = member_of(reading, reaction.actor))
            reaction.name = contact->name;
    return out;
}

std::string reacting_as(Reading& reading, MessageId id, ContactId contact)
{
    for (auto const& reaction : reactions_of(reading, id)) {
        auto const who = member_of(reading, reaction.actor);
        if (who && who->id == contact)
            return reaction.actor;
    }
    return std::string{member} + std::to_string(contact.value);
}

} // namespace deskbridge::store
