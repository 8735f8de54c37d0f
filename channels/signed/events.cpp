#include "reading.hpp"

#include "deskbridge/core/text.hpp"

#include <array>

namespace deskbridge::signed_http {
namespace {

constexpr std::size_t longest_type = 64;

/// Of whom it tells, and whether the business did it: then the customer of that chat stands in "to".
struct Party {
    Sender customer;
    bool business{false};
};

std::optional<Party> party_of(Json const& data)
{
    if (auto from = channel::node_at(data, "/to") == nullptr ? person_at(data, "/from") : std::nullopt)
        return Party{std::move(*from), false};
    if (auto to = person_at(data, "/to"))
        return Party{std::move(*to), true};
    return std::nullopt;
}

std::optional<EventBody> read_reaction(EventNode const& node)
{
    auto party = party_of(node.data);
    auto target = channel::id_at(node.data, "/message");
    if (!party || target.empty())
        return std::nullopt;
    return Reaction{{node.mark}, std::move(party->customer), {std::move(target)}, channel::words_at(node.data, "/emoji"), node.at,
                    party->business, channel::id_at(node.data, "/group")};
}

std::optional<EventBody> read_revision(EventNode const& node)
{
    bool const is_edit = node.type == "message.edited";
    auto party = party_of(node.data);
    auto target = channel::id_at(node.data, "/message");
    if (!party || target.empty() || (is_edit && !channel::text_at(node.data, "/text")))
        return std::nullopt;
    return Revision{{node.mark}, std::move(party->customer), {std::move(target)},
                    is_edit ? Revision::Kind::edit : Revision::Kind::deletion,
                    is_edit ? channel::words_at(node.data, "/text") : std::string{}, node.at, party->business,
                    channel::id_at(node.data, "/group")};
}

std::optional<EventBody> read_identity_change(EventNode const& node)
{
    auto previous = person_at(node.data, "/previous");
    auto current = person_at(node.data, "/current");
    auto const* said = channel::node_at(node.data, "/current");
    if (!previous || (!current && said != nullptr && !said->is_null()))
        return std::nullopt;
    return IdentityChange{{node.mark}, std::move(previous->addresses), current ? std::move(current->addresses) : std::vector<Address>{},
                          node.at, channel::words_at(node.data, "/text")};
}

std::string notice_kind(std::string const& written)
{
    auto const kind = one_line(written);
    return kind.empty() || kind == channel::unreadable_notice ? std::string{"notice"} : shorten(kind, longest_type);
}

std::optional<EventBody> read_notice(EventNode const& node)
{
    return ChannelNotice{notice_kind(channel::name_at(node.data, "/kind")), person_at(node.data, "/from"), node.at,
                         channel::render_details(node.data)};
}

/// A message of a new type is shown, anything else recorded.
std::optional<EventBody> read_unknown(EventNode const& node)
{
    if (node.type.starts_with("message."))
        if (auto message = read_unknown_message(node))
            return message;
    return ChannelNotice{notice_kind(node.type), person_at(node.data, "/from"), node.at, channel::render_details(node.data)};
}

struct Reader {
    std::string_view type;
    std::optional<EventBody> (*read)(EventNode const&);
    std::string_view missing; ///< what it is when it cannot be read
};

constexpr std::array<Reader, 8> readers{{{"message.created", read_message, "a message without id or sender"},
                                         {"message.echoed", read_message, "an echo without id or recipient"},
                                         {"message.edited", read_revision, "an edit without message, person or text"},
                                         {"message.deleted", read_revision, "a deletion without message or person"},
                                         {"message.status", read_receipt, "a status without message, or of no known word"},
                                         {"reaction.set", read_reaction, "a reaction without message or person"},
                                         {"identity.changed", read_identity_change, "an identity without previous address"},
                                         {"system.notice", read_notice, ""}}};

/// Two statuses of a message are two events, whether they have ids or not; the same told twice is one.
std::string key_of(EventNode const& node, EventBody const& body)
{
    if (auto const* receipt = std::get_if<Receipt>(&body)) {
        auto key = "status:" + channel::name_at(node.data, "/status") + ":" + receipt->message.value + ":" + receipt->token;
        for (auto const& address : receipt->recipient)
            key += ":" + address.value;
        return key.size() <= 2 * channel::longest_id ? key : "status:" + channel::fingerprint({key});
    }
    return node.type + ":" + node.mark;
}

void read_event(Json const& event, std::string const& batch_account, channel::Collector& into)
{
    auto const* data = channel::object_at(event, "/data");
    auto type = channel::text_at(event, "/type").value_or("");
    auto const* named = channel::node_at(event, "/account");
    auto account = named == nullptr || named->is_null() ? batch_account : channel::name_at(event, "/account");
    bool const lost_account = named != nullptr && !named->is_null() && account.empty();
    if (data == nullptr || type.empty() || type.size() > channel::longest_id || lost_account) {
        into.unreadable(account, event, lost_account ? "an event whose account is no name" : "an event without type or data");
        return;
    }
    auto id = channel::id_at(*data, "/id");
    auto mark = id.empty() ? channel::fingerprint(event) : id;
    auto const told = parse_rfc3339(channel::text_at(event, "/timestamp").value_or(""));
    EventNode const node{*data, std::move(type), account, std::move(id), std::move(mark), told.value_or(into.received_at())};
    Reader reader{node.type, read_unknown, ""};
    for (auto const& known : readers)
        if (known.type == node.type)
            reader = known;
    auto body = reader.read(node);
    if (!body) {
        into.unreadable(account, event, reader.missing);
        return;
    }
    auto key = key_of(node, *body);
    into.add(std::move(account), std::move(key), std::move(*body));
}

} // namespace

Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at)
{
    auto const doc = channel::read_json(body, {.cut_deeper = true}); // one part that is too deep takes no other along
    if (!doc)
        return doc.error();
    if (!doc->is_object())
        return Error{Fault::malformed, "the body is not an object"};
    channel::Collector collector{hook, received_at};
    auto const* events = channel::node_at(*doc, "/events");
    if (events == nullptr) {
        read_event(*doc, {}, collector);
        return std::move(collector).finish();
    }
    if (!events->is_array())
        return Error{Fault::malformed, "the events are no list"};
    auto const* named = channel::node_at(*doc, "/account");
    auto const account = channel::name_at(*doc, "/account");
    if (named != nullptr && !named->is_null() && account.empty())
        return Error{Fault::malformed, "the account of the events is no name"};
    for (auto const& event : *events)
        read_event(event, account, collector);
    return std::move(collector).finish();
}

} // namespace deskbridge::signed_http
