#pragma once

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/outbox_pump.hpp"
#include "deskbridge/store/ticket.hpp"
#include "support/noon.hpp"

#include <array>
#include <string>
#include <vector>

namespace deskbridge::test {

/// One customer of an account who has just written: contact, conversation with an open window, an open ticket.
struct Customer {
    AccountId account;
    ContactId contact;
    ConversationId conversation;
    TicketId ticket;
};

inline AccountId add_account(store::Tx& tx, std::string const& name = "acme", std::string const& number = "100")
{
    std::array const all{store::ConfiguredAccount{.channel = "acme", .number = number, .name = name}};
    return store::configure_accounts(tx, all, noon).front();
}

inline Customer add_customer(store::Tx& tx, AccountId account, std::string const& address, Timestamp wrote_at = noon)
{
    Customer customer{account, store::insert_contact(tx, "Anna", "", wrote_at), {}, {}};
    store::attach_identity(tx, customer.contact, "acme", {"phone", address}, wrote_at);
    customer.conversation = store::insert_conversation(tx, account, customer.contact, wrote_at);
    store::set_address(tx, customer.conversation, {"phone", address});
    store::raise_window(tx, customer.conversation, wrote_at);
    store::note_inbound(tx, customer.conversation, wrote_at);
    store::Ticket ticket;
    ticket.reference = "1" + address;
    ticket.conversation = customer.conversation;
    ticket.status = TicketStatus::open;
    ticket.opened_at = ticket.last_activity = ticket.last_step_at = wrote_at;
    customer.ticket = store::insert_ticket(tx, ticket);
    return customer;
}

inline store::Outgoing outgoing(Customer const& to, std::string const& text, Timestamp now = noon,
                                MessageClass message_class = MessageClass::agent)
{
    store::Outgoing out;
    out.conversation = to.conversation;
    out.ticket = to.ticket;
    out.account = to.account;
    out.message_class = message_class;
    if (message_class == MessageClass::agent)
        out.actor = {ActorKind::agent, 7};
    out.shown.text = text;
    out.parts = {out.shown};
    out.now = now;
    return out;
}

inline Receipt receipt(std::string const& id, ReceiptStatus status, std::string const& token = {}, Timestamp at = noon)
{
    Receipt said;
    said.message = {id};
    said.token = token;
    said.status = status;
    said.at = at;
    return said;
}

/// "accepted/read" and the like: state, rank, and "failed" beside it.
inline std::string standing(store::IntentRow const& row)
{
    std::string out{render_intent_state(row.state)};
    if (row.receipt)
        out += "/" + std::string{render_receipt_status(*row.receipt)};
    return row.failed_at ? out + "/failed" : out;
}

} // namespace deskbridge::test
