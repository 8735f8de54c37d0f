#include "people.hpp"

#include "contact_notes.hpp"
#include "holders.hpp"

#include "deskbridge/core/identity.hpp"
#include "deskbridge/core/language.hpp"
#include "deskbridge/store/journal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskbridge::flow {
namespace {

constexpr std::string_view number_recycled = "number_recycled"; ///< of Contact::flagged
constexpr std::chrono::days seen_to{1}; ///< when an address was used last is kept to the day: each writing costs a page

void log_contact(Scene& scene, store::EventType type, ContactId contact, ObjectText data)
{
    store::append_event(scene.tx, {.type = type,
                                   .at = scene.now(),
                                   .account = scene.account.id,
                                   .contact = contact,
                                   .data = std::move(data)});
}

/// The language that a first message is answered in: its number's country, else the country that the channel names, else
/// the account's default.
std::optional<std::string> guess_language(Scene& scene, Sender const& sender)
{
    auto const& enabled = scene.catalogue().languages();
    for (auto const& address : sender.addresses)
        if (strength_of(address.kind) == AddressStrength::number)
            if (auto language = language_of_number(address.value, enabled))
                return language;
    return sender.country.empty() ? std::nullopt : language_of_country(sender.country, enabled);
}

ContactId make_contact(Scene& scene, Sender const& sender)
{
    store::Contact contact;
    contact.id = store::insert_contact(scene.tx, sender.name, sender.username, scene.now());
    contact.name = sender.name;
    contact.username = sender.username;
    contact.language = guess_language(scene, sender);
    if (contact.language) {
        contact.language_set_by = "country";
        store::save_contact(scene.tx, contact);
    }
    log_contact(scene, "contact.added", contact.id, {});
    return contact.id;
}

void flag(Scene& scene, ContactId id, std::string_view why)
{
    auto contact = store::find_contact(scene.tx, id);
    if (!contact || contact->flagged == why)
        return;
    contact->flagged = why;
    store::save_contact(scene.tx, *contact);
    log_contact(scene, "contact.changed", id, {{"flagged", why}});
}

bool is_flagged(Scene& scene, ContactId id, std::string_view why)
{
    auto const contact = store::find_contact(scene.tx, id);
    return contact && contact->flagged == why;
}

void move_addresses(Scene& scene, ContactDecision const& decision, ContactId contact)
{
    auto const& scope = scene.account.account.scope;
    for (auto const& address : decision.retire)
        store::retire_identity(scene.tx, scope, address, scene.now());
    for (auto const& address : decision.attach) {
        auto const holder = store::find_holder(scene.tx, scope, address);
        store::attach_identity(scene.tx, contact, scope, address, scene.now());
        if (!holder)
            log_contact(scene, "contact.identity_added", contact, {{"kind", address.kind}});
        else if (*holder != contact)
            log_contact(scene, "contact.identity_moved", contact, {{"kind", address.kind}, {"from", holder->value}});
    }
}

/// What waits, and what comes, in chats that were answered at one of `gone` goes to one of `now`: of the same kind if there is one, for that
/// is theirs for certain. So it does where there was no address since somebody else was taken for its owner.
void readdress(Scene& scene, ContactId contact, std::vector<Address> const& gone, std::vector<Address> const& now)
{
    if (now.empty())
        return;
    auto const& account = scene.account;
    for (auto const& chat : store::conversations_of(scene.tx, contact)) {
        auto const* its = channel::find_account(scene.around.accounts, chat.account);
        bool const nowhere = chat.account == account.id && chat.address.value.empty();
        bool const elsewhere = its && its->account.scope != account.account.scope;
        if (!nowhere && (elsewhere || !is_spelling_of(gone, chat.address)))
            continue;
        auto const same_kind =
            std::find_if(now.begin(), now.end(), [&](Address const& one) { return !nowhere && one.kind == chat.address.kind; });
        store::set_address(scene.tx, chat.id, same_kind != now.end() ? *same_kind : account.adapter->reply_address(now));
    }
}

void tell_merged(Scene& scene, ContactId contact, ContactId from, std::string_view reason)
{
    scene.news.push_back({contact, "contact_merged", fmt::format("Contact {} is the same person and became part of this one, with all that was "
                                                                 "said: {}.", from.value, reason)});
}

void tell_recycled(Scene& scene, ContactId contact, ContactId earlier)
{
    scene.news.push_back({contact, "number_recycled", fmt::format("This number was contact {}'s until now: somebody else may have it. What was said "
                                                                  "with them before is not for whoever writes from it now.", earlier.value)});
    scene.news.push_back({earlier, "number_recycled", fmt::format("This contact's number is contact {}'s now. Nothing more goes to it from here.",
                                                                  contact.value)});
}

ContactId carry_out(Scene& scene, ContactDecision const& decision, Sender const& sender)
{
    auto const contact = decision.contact ? decision.contact : make_contact(scene, sender);
    for (auto const from : decision.merged) {
        store::merge_contacts(scene.tx, from, contact, scene.now(), decision.reason);
        log_contact(scene, "contact.merged", contact, {{"from", from.value}, {"reason", decision.reason}});
        tell_merged(scene, contact, from, decision.reason);
    }
    move_addresses(scene, decision, contact);
    if (decision.outcome == ContactDecision::Outcome::recycled) {
        flag(scene, contact, number_recycled);
        tell_recycled(scene, contact, decision.flagged);
        flag(scene, decision.flagged, number_recycled);
        for (auto const& lost : decision.retire) // its new owner must not get what was meant for the earlier one
            readdress(scene, decision.flagged, {lost}, {{lost.kind, {}}});
    }
    return contact;
}

/// Names are the customer's own: the latest one is shown.
void keep_names(Scene& scene, store::Contact& contact, Sender const& sender)
{
    bool const renamed = !sender.name.empty() && sender.name != contact.name;
    bool const user_renamed = !sender.username.empty() && sender.username != contact.username;
    if (!renamed && !user_renamed)
        return;
    if (renamed)
        contact.name = sender.name;
    if (user_renamed)
        contact.username = sender.username;
    store::save_contact(scene.tx, contact);
    log_contact(scene, "contact.changed", contact.id, {{"names", true}});
}

/// Whatever was given up, named or not, is written to no longer.
void leave_addresses(Scene& scene, ContactId contact, ContactDecision const& decision, IdentityChange const& change)
{
    std::vector<Address> now;
    for (auto const& address : change.current)
        if (store::find_holder(scene.tx, scene.account.account.scope, address) == contact)
            now.push_back(address);
    std::vector<Address> gone;
    for (auto const* const left : {&change.previous, &decision.retire})
        for (auto const& address : *left)
            if (std::find(now.begin(), now.end(), address) == now.end())
                gone.push_back(address);
    readdress(scene, contact, gone, now);
}

} // namespace

store::Contact resolve_writer(Scene& scene, Sender const& sender)
{
    if (sender.addresses.empty())
        throw store::Rollback{{Fault::malformed, "an event without a sender"}};
    auto const held = look_up(scene, sender.addresses, names_id(sender.addresses));
    auto const decision = decide_contact(held);
    auto const id = carry_out(scene, decision, sender);
    for (auto const& one : held)
        if (one.holder == id && one.last_seen <= scene.now() - seen_to)
            store::touch_identity(scene.tx, scene.account.account.scope, {one.address.kind, one.held_as}, scene.now());
    auto contact = store::find_contact(scene.tx, id);
    if (!contact)
        throw store::Rollback{{Fault::storage, "the contact is gone"}};
    keep_names(scene, *contact, sender);
    return std::move(*contact);
}

store::Contact resolve_contact(Scene& scene, Sender const& sender)
{
    auto contact = resolve_writer(scene, sender);
    if (scene.received.journal)
        store::link_journal_contact(scene.tx, scene.received.journal, contact.id);
    return contact;
}

std::vector<ContactId> known_as(Scene& scene, std::vector<Address> const& addresses)
{
    auto decision = decide_contact(look_up(scene, addresses, names_id(addresses)));
    auto known = std::move(decision.merged);
    if (decision.contact)
        known.push_back(decision.contact);
    return known;
}

std::vector<Address> unheld(Scene& scene, std::vector<Address> const& addresses)
{
    std::vector<Address> out;
    for (auto const& held : look_up(scene, addresses, false))
        if (!held.holder)
            out.push_back(held.address);
    return out;
}

void apply_identity_change(Scene& scene, IdentityChange const& change)
{
    if (!change.group.empty()) {
        if (auto const chat = store::rename_group(scene.tx, scene.account.id, change.group, change.new_group))
            note_identity_change(scene, *chat, change);
        return;
    }
    bool const ids = names_id(change.current);
    auto const previous = look_up_changed(scene, change.previous, ids);
    if (change.current.empty()) {
        for (auto const& held : previous)
            if (held.holder) {
                flag(scene, held.holder, "identity_changed");
                note_identity_change(scene, held.holder, change);
                return;
            }
        return;
    }
    auto const decision = decide_identity_change(previous, look_up_changed(scene, change.current, ids));
    if (!decision.contact)
        return;
    bool const took_over = std::any_of(decision.merged.begin(), decision.merged.end(),
                                       [&](ContactId one) { return is_flagged(scene, one, number_recycled); });
    auto const contact = carry_out(scene, decision, {});
    leave_addresses(scene, contact, decision, change);
    if (took_over && is_flagged(scene, contact, number_recycled))
        flag(scene, contact, {}); // who seemed to be the number's new owner is the same person
    note_identity_change(scene, contact, change);
}

} // namespace deskbridge::flow
