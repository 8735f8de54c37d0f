#pragma once

#include "deskbridge/core/ids.hpp"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace deskbridge {

/// One address of a person: for WhatsApp kind is bsuid, parent_bsuid or wa_id. The scope comes with the account.
struct Address {
    std::string kind;
    std::string value;
    friend auto operator<=>(Address const&, Address const&) = default;
};

/// An error as the provider words it; goes to agents and operators.
struct ProviderError {
    int code{0};
    std::string title;
    std::string detail;
    std::string sentence{}; ///< what it means, in our adapter's words for agents; empty: it has none for it
    std::string trace{};    ///< by which the provider finds the call again; for the log
    friend bool operator==(ProviderError const&, ProviderError const&) = default;
};

/// What agents read of it: our sentence, else the provider's words.
[[nodiscard]] inline std::string const& words_of(ProviderError const& error) noexcept
{
    return error.sentence.empty() ? error.title : error.sentence;
}

/// The provider has it.
struct Accepted {
    ExternalMessageId id;
    std::vector<Address> aliases; ///< other addresses of the recipient that the answer named
    bool held{false};             ///< the provider keeps it back for now; a receipt tells when it leaves, or that it never will
};

/// Certainly not sent; worth another try.
struct NotSent {
    /// What must wait. `proactive`: what no customer asked for; replies go on, slower.
    enum class Slows { intent, pair, account, proactive };
    std::string why;
    std::chrono::seconds asked{0}; ///< the provider's own wish (Retry-After); 0: none
    Slows slows{Slows::intent};
    ProviderError error{};
    bool about_file{false}; ///< its file was not taken over: it is uploaded anew before the next try
};

/// Certainly not sent, and never will be as it stands.
struct Refused {
    enum class Because {
        message,       ///< this message; tell the agent
        window_closed, ///< the reply window is closed: the text is kept
        account,       ///< the account cannot send at all: pause it, the intent goes back to the queue
        opted_out,     ///< the recipient does not want it
        person,        ///< this recipient cannot be reached so, whatever the message
        unusable_template, ///< the template cannot be sent as we know it: the provider's list is asked for
    };
    std::string why;
    Because because{Because::message};
    ProviderError error{};
    std::string template_status{}; ///< with `unusable_template`: how the template stands from now on; empty: as the list has it
};

/// May have been sent: only evidence or a person can tell.
struct Unknown {
    std::string why;
    ProviderError error{};
};

/// What became of one attempt.
using Outcome = std::variant<Accepted, NotSent, Refused, Unknown>;

/// What the provider says later about a message of ours. Ranks only rise; `failed` stands beside them.
enum class ReceiptStatus { sent, delivered, read, played, failed };

} // namespace deskbridge
