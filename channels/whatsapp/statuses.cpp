#include "contents.hpp"
#include "errors.hpp"
#include "reading.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

struct Word {
    std::string_view word;
    ReceiptStatus status;
};

/// `deleted` and `warning` are history, `captured` and the like are of payments: recorded as notices.
constexpr std::array<Word, 5> words{{{"sent", ReceiptStatus::sent},
                                     {"delivered", ReceiptStatus::delivered},
                                     {"read", ReceiptStatus::read},
                                     {"played", ReceiptStatus::played},
                                     {"failed", ReceiptStatus::failed}}};

std::optional<ReceiptStatus> receipt_status(Json const& item)
{
    auto const type = name_at(item, "/type");
    if (type == "payment" || type == "call")
        return std::nullopt;
    auto const word = name_at(item, "/status");
    auto const found = std::find_if(words.begin(), words.end(), [&](auto const& row) { return row.word == word; });
    if (found == words.end())
        return std::nullopt;
    return found->status;
}

/// In a group `recipient_id` is the group; the participant has fields of its own, one of them spelled in two ways.
/// Until 2026-05 `recipient_parent_user_id` was spelled `parent_recipient_user_id`.
std::vector<Address> recipients_of(Json const& item, People const& people)
{
    bool const group = name_at(item, "/recipient_type") == "group";
    std::vector<PersonPlaces> places;
    if (group)
        places = {{"/recipient_participant_id", "/recipient_participant_user_id", "/recipient_participant_parent_user_id"},
                  {"/participant_recipient_id", "/participant_recipient_user_id", "/participant_recipient_parent_user_id"}};
    else
        places = {{"/recipient_id", "/recipient_user_id", "/recipient_parent_user_id"}, {{}, {}, "/parent_recipient_user_id"}};
    std::vector<Address> found;
    for (auto const& place : places)
        for (auto& address : addresses_at(item, place))
            add_address(found, std::move(address));
    return people.complete(std::move(found)).addresses;
}

/// A status has no id of its own: message, status and error code tell one from another; in a group the participant too.
std::string key_of(Json const& item, ExternalMessageId const& message, std::vector<ProviderError> const& errors)
{
    auto const status = name_at(item, "/status");
    auto const code = errors.empty() ? std::string{"0"} : std::to_string(errors.front().code);
    auto const participant =
        name_at(item, "/recipient_participant_user_id") + name_at(item, "/recipient_participant_id") +
        name_at(item, "/participant_recipient_id") + name_at(item, "/participant_recipient_user_id");
    auto key = "status:" + status + ":" + code + ":" + message.value;
    return participant.empty() ? key : key + ":" + participant;
}

std::optional<Price> price_of(Json const& item)
{
    Price price{channel::bool_at(item, "/pricing/billable"), name_at(item, "/pricing/category"), name_at(item, "/pricing/type")};
    return price == Price{} ? std::nullopt : std::optional{std::move(price)};
}

void read_status(Json const& item, Change const& change, Collector& into)
{
    auto message = message_id_at(item, "/id");
    if (!message || name_at(item, "/status").empty()) {
        into.unreadable(change.account_number, item, "a status without message id or status");
        return;
    }
    auto errors = read_errors(channel::node_at(item, "/errors"));
    auto key = key_of(item, *message, errors);
    auto const at = time_at(item, "/timestamp", into.received_at());
    auto const status = receipt_status(item);
    if (!status) {
        into.add(change.account_number, std::move(key), ChannelNotice{"status", std::nullopt, at, render_details(item)});
        return;
    }
    auto const meaning = *status == ReceiptStatus::failed ? meaning_of_failure(errors) : FailureMeaning{};
    into.add(change.account_number, std::move(key),
             Receipt{std::move(*message), name_at(item, "/biz_opaque_callback_data"), *status, at, std::move(errors),
                     recipients_of(item, change.people), meaning.because, meaning.worth_retry, price_of(item), meaning.template_status,
                     meaning.slows, meaning.asked});
}

} // namespace

void read_statuses(Change const& change, Collector& into)
{
    auto const* items = channel::node_at(change.value, "/statuses");
    if (items == nullptr || items->is_null())
        return;
    if (!items->is_array()) {
        into.unreadable(change.account_number, *items, "statuses that are no list");
        return;
    }
    for (auto const& item : *items)
        read_status(item, change, into);
}

} // namespace deskbridge::whatsapp
