#include "meaning.hpp"
#include "reading.hpp"

#include "deskbridge/core/intent.hpp"

namespace deskbridge::signed_http {

std::optional<EventBody> read_receipt(EventNode const& node)
{
    auto const status = parse_receipt_status(channel::name_at(node.data, "/status"));
    auto message = channel::id_at(node.data, "/message");
    auto token = channel::id_at(node.data, "/token");
    if (!status || (message.empty() && token.empty()))
        return std::nullopt;
    Receipt receipt{{std::move(message)}, std::move(token), *status, node.at, {}, {}};
    if (auto to = person_at(node.data, "/to"))
        receipt.recipient = std::move(to->addresses);
    if (*status != ReceiptStatus::failed)
        return receipt;
    auto failure = failure_at(node.data, "/error");
    receipt.because = refusal_of(failure.because);
    receipt.worth_retry = failure.retry;
    if (failure.error != ProviderError{})
        receipt.errors.push_back(std::move(failure.error));
    return receipt;
}

} // namespace deskbridge::signed_http
