#include "deskbridge/store/contact.hpp"

#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/event_log.hpp"

namespace deskbridge::store {
namespace {

constexpr char const* select_contact =
    "SELECT contact_id, name, username, language, language_set_by, stopped_at_ms, flagged, merged_into, created_at_ms "
    "FROM contact WHERE contact_id = ?1";

Contact contact_of(Statement const& row)
{
    Contact contact;
    contact.id = row.id<ContactId>(0);
    contact.name = row.text(1);
    contact.username = row.text(2);
    contact.language = row.maybe_text(3);
    contact.language_set_by = row.text(4);
    contact.stopped_at = row.maybe_time(5);
    contact.flagged = row.text(6);
    contact.merged_into = row.id<ContactId>(7);
    contact.created_at = row.time(8);
    return contact;
}

std::optional<Contact> load_contact(Reading& reading, ContactId id)
{
    auto q = reading.prepare(select_contact);
    q.bind(1, id);
    if (!q.step())
        return std::nullopt;
    return contact_of(q);
}

/// What a person asked for once holds for the merged record too; a language that was chosen beats a guessed one.
void join_wishes(Tx& tx, ContactId from, ContactId into)
{
    auto const old = load_contact(tx, from);
    auto merged = load_contact(tx, into);
    if (!old || !merged)
        return;
    if (!merged->stopped_at)
        merged->stopped_at = old->stopped_at;
    if (merged->language_set_by != "customer" && (old->language_set_by == "customer" || !merged->language)) {
        merged->language = old->language;
        merged->language_set_by = old->language_set_by;
    }
    if (merged->name.empty())
        merged->name = old->name;
    if (merged->username.empty())
        merged->username = old->username;
    if (merged->flagged.empty())
        merged->flagged = old->flagged;
    save_contact(tx, *merged);
}

} // namespace

std::optional<Contact> find_contact(Reading& reading, ContactId id)
{
    auto contact = load_contact(reading, id);
    for (int hops = 0; contact && contact->merged_into && hops < 16; ++hops)
        contact = load_contact(reading, contact->merged_into);
    return contact;
}

ContactId insert_contact(Tx& tx, std::string_view name, std::string_view username, Timestamp now)
{
    auto q = tx.prepare("INSERT INTO contact (name, username, created_at_ms) VALUES (?1, ?2, ?3)");
    q.bind(1, name);
    q.bind(2, username);
    q.bind(3, now);
    q.run();
    return ContactId{tx.last_insert_id()};
}

void save_contact(Tx& tx, Contact const& contact)
{
    auto q = tx.prepare("UPDATE contact SET name = ?2, username = ?3, language = ?4, language_set_by = ?5, "
                        "stopped_at_ms = ?6, flagged = ?7 WHERE contact_id = ?1");
    q.bind(1, contact.id);
    q.bind(2, std::string_view{contact.name});
    q.bind(3, std::string_view{contact.username});
    q.bind(4, contact.language);
    q.bind(5, std::string_view{contact.language_set_by});
    q.bind(6, contact.stopped_at);
    if (contact.flagged.empty())
        q.bind(7, std::nullopt);
    else
        q.bind(7, std::string_view{contact.flagged});
    q.run();
}

std::optional<Holding> find_holding(Reading& reading, std::string_view scope, Address const& address)
{
    auto q = reading.prepare("SELECT contact_id, last_seen_ms FROM identity "
                             "WHERE scope = ?1 AND kind = ?2 AND value = ?3 AND valid_to_ms IS NULL");
    q.bind(1, scope);
    q.bind(2, std::string_view{address.kind});
    q.bind(3, std::string_view{address.value});
    if (!q.step())
        return std::nullopt;
    return Holding{q.id<ContactId>(0), q.time(1)};
}

std::optional<ContactId> find_holder(Reading& reading, std::string_view scope, Address const& address)
{
    auto const held = find_holding(reading, scope, address);
    return held ? std::optional{held->contact} : std::nullopt;
}

std::optional<ContactId> find_last_holder(Reading& reading, std::string_view scope, Address const& address)
{
    auto q = reading.prepare("SELECT contact_id FROM identity WHERE scope = ?1 AND kind = ?2 AND value = ?3 "
                             "AND valid_to_ms IS NOT NULL ORDER BY valid_to_ms DESC, identity_id DESC LIMIT 1");
    q.bind(1, scope);
    q.bind(2, std::string_view{address.kind});
    q.bind(3, std::string_view{address.value});
    if (!q.step())
        return std::nullopt;
    return q.id<ContactId>(0);
}

std::vector<Identity> identities_of(Reading& reading, ContactId contact)
{
    auto q = reading.prepare("SELECT contact_id, scope, kind, value, valid_to_ms, valid_from_ms, last_seen_ms FROM identity "
                             "WHERE contact_id = ?1 ORDER BY valid_to_ms IS NOT NULL, identity_id DESC");
    q.bind(1, contact);
    std::vector<Identity> out;
    while (q.step())
        out.push_back({q.id<ContactId>(0), q.text(1), {q.text(2), q.text(3)}, q.maybe_time(4), q.time(5), q.time(6)});
    return out;
}

void attach_identity(Tx& tx, ContactId contact, std::string_view scope, Address const& address, Timestamp at)
{
    auto const holder = find_holder(tx, scope, address);
    if (holder == contact)
        return;
    if (holder)
        retire_identity(tx, scope, address, at);
    auto q = tx.prepare("INSERT INTO identity (contact_id, scope, kind, value, valid_from_ms, last_seen_ms) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?5)");
    q.bind(1, contact);
    q.bind(2, scope);
    q.bind(3, std::string_view{address.kind});
    q.bind(4, std::string_view{address.value});
    q.bind(5, at);
    q.run();
}

void retire_identity(Tx& tx, std::string_view scope, Address const& address, Timestamp at)
{
    auto q = tx.prepare("UPDATE identity SET valid_to_ms = ?4 WHERE scope = ?1 AND kind = ?2 AND value = ?3 AND valid_to_ms IS NULL");
    q.bind(1, scope);
    q.bind(2, std::string_view{address.kind});
    q.bind(3, std::string_view{address.value});
    q.bind(4, at);
    q.run();
}

void touch_identity(Tx& tx, std::string_view scope, Address const& address, Timestamp at)
{
    auto q = tx.prepare("UPDATE identity SET last_seen_ms = ?4 "
                        "WHERE scope = ?1 AND kind = ?2 AND value = ?3 AND valid_to_ms IS NULL");
    q.bind(1, scope);
    q.bind(2, std::string_view{address.kind});
    q.bind(3, std::string_view{address.value});
    q.bind(4, at);
    q.run();
}

void learn_addresses(Tx& tx, Learnt const& about, std::vector<Address> const& addresses)
{
    for (auto const& address : addresses) {
        if (find_holder(tx, about.scope, address) || find_last_holder(tx, about.scope, address))
            continue;
        attach_identity(tx, about.contact, about.scope, address, about.at);
        append_event(tx, {.type = "contact.identity_added",
                          .at = about.at,
                          .account = about.account,
                          .contact = about.contact,
                          .data = {{"kind", address.kind}}});
    }
}

void merge_contacts(Tx& tx, ContactId from, ContactId into, Timestamp at, std::string_view because)
{
    if (from == into)
        return;
    {
        auto q = tx.prepare("UPDATE identity SET contact_id = ?2 WHERE contact_id = ?1");
        q.bind(1, from);
        q.bind(2, into);
        q.run();
    }
    for (auto const& conversation : conversations_of(tx, from))
        give_conversation(tx, conversation.id, into, at);
    {
        auto q = tx.prepare("INSERT INTO journal_contact (journal_id, contact_id) SELECT journal_id, ?2 FROM journal_contact "
                            "WHERE contact_id = ?1 ON CONFLICT DO NOTHING");
        q.bind(1, from);
        q.bind(2, into);
        q.run();
    }
    join_wishes(tx, from, into);
    {
        auto q = tx.prepare("UPDATE contact SET merged_into = ?2 WHERE merged_into = ?1");
        q.bind(1, from);
        q.bind(2, into);
        q.run();
    }
    auto q = tx.prepare("UPDATE contact SET merged_into = ?2, merged_at_ms = ?3, merged_because = ?4 WHERE contact_id = ?1");
    q.bind(1, from);
    q.bind(2, into);
    q.bind(3, at);
    q.bind(4, because);
    q.run();
}

std::vector<MergedContact> merged_into(Reading& reading, ContactId into)
{
    auto q = reading.prepare("SELECT contact_id, name, username, merged_at_ms, merged_because FROM contact WHERE merged_into = ?1 "
                             "ORDER BY merged_at_ms, contact_id");
    q.bind(1, into);
    std::vector<MergedContact> out;
    while (q.step())
        out.push_back({q.id<ContactId>(0), q.text(1), q.text(2), q.maybe_time(3), q.text(4)});
    return out;
}

} // namespace deskbridge::store
