#include "fuzz/target.hpp"

#include "api/requests.hpp"
#include "deskbridge/core/text.hpp"

#include <array>

namespace deskbridge::fuzz {
namespace {

using api::FieldError;
using Errors = std::vector<FieldError>;
using Read = void (*)(net::Request const&, Errors&);

template <class UseCase>
void read(net::Request const& request, Errors& errors)
{
    UseCase wanted;
    api::read(request, wanted, errors);
    if (!errors.empty())
        return;
    if constexpr (requires { wanted.limit; })
        must(wanted.limit >= 1 && wanted.limit <= 500, "a page without measure");
    if constexpr (requires { wanted.text.size(); })
        must(!wanted.text.empty() && wanted.text.size() <= 20'000 && !first_malformed(wanted.text), "a text that is none");
    if constexpr (requires { wanted.reason.size(); })
        must(wanted.reason.size() <= 4'000 && !first_malformed(wanted.reason), "a reason that is none");
    if constexpr (requires { wanted.client_key.size(); })
        must(wanted.client_key.size() <= 200, "a key that is too long");
}

template <class... UseCases>
constexpr std::array<Read, sizeof...(UseCases)> readers_of()
{
    return {&read<UseCases>...};
}

constexpr auto readers = readers_of<
    desk::ListTickets, desk::ShowTicket, desk::AddAgent, desk::Reply, desk::Note, desk::Assign, desk::SetStatus,
    desk::ChangeAgent, desk::EnableAgent, desk::DisableAgent, desk::MarkSeen, desk::Cancel, desk::Retry, desk::Resolve, desk::Keep, desk::MoveMessage,
    desk::UndoPlacement, desk::Merge, desk::OpenAttachment, desk::RetryAttachment, desk::ListOutbox, desk::ShowOutbox,
    desk::PauseAccount, desk::ResumeAccount, desk::ListShelf, desk::ShowShelfEntry, desk::ReadShelfBody,
    desk::ReplayShelf, desk::DropShelf, desk::ListJournal, desk::ReplayJournal, desk::Split, desk::BackUp, desk::ShowContact,
    desk::ListContacts>();

} // namespace

/// First byte: which use case; then lines: the query, what the path named (twice), the client's key; the rest is the body.
/// Whatever is asked is either understood within its bounds or answered with what is wrong, in a problem that can be sent.
void api_request(std::string_view input)
{
    Cut cut{input};
    auto const reader = readers[cut.byte() % readers.size()];
    net::Request request;
    request.http.target = "/v1/x?" + std::string{cut.line()};
    request.parameters = {std::string{cut.line()}, std::string{cut.line()}};
    request.http.headers.add("Idempotency-Key", std::string{cut.line()});
    request.http.body = cut.rest();
    Errors errors;
    reader(request, errors);
    for (auto const& error : errors)
        must(!error.detail.empty(), "a wrong field without a reason");
    if (!errors.empty())
        must(!first_malformed(api::invalid_fields(errors).body), "a problem that cannot be sent");
}

} // namespace deskbridge::fuzz
