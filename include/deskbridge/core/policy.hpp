#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge {

/// Which changes of a ticket a customer is told about by themselves.
struct NoticeSwitches {
    bool taken_over{true};
    bool waiting_for_you{true};
    bool solved{true};
    bool reopened{true}; ///< by an agent; a customer's own reopening is acknowledged instead
};

/// What becomes of agents' texts that were kept because the reply window was closed.
enum class KeptTexts {
    deliver, ///< go out at the customer's next matter
    ask,     ///< only those whose agent said so
};

/// What becomes of what is written in groups.
enum class Groups {
    stored,  ///< kept by group and counted, in no ticket
    tickets, ///< placed in tickets of the group, for agents to answer; automatic texts never go to a group
};

/// Everything about an account that decides how its messages are threaded and answered. Read from `[[account]]`.
///
/// Durations that compare with messages use the provider's time; a boundary counts as inside.
struct AccountPolicy {
    using Duration = std::chrono::milliseconds;

    std::string name;
    std::string brand; ///< never empty: an account without one is a brand of its own (the composition sees to it)
    std::string time_zone{"UTC"};         ///< IANA name
    std::string default_language{"en"};   ///< one of `languages`
    std::vector<std::string> languages{"en"};
    std::string reference_prefix{"#"};
    std::string settings_version; ///< stored with each decision, so that it can be explained after a change

    std::optional<Duration> reopen_window{std::chrono::hours{72}}; ///< since the solving; 0: never, nullopt: always
    Duration burst{std::chrono::seconds{60}};             ///< R2: between neighbouring messages
    Duration unanswered{std::chrono::hours{12}};          ///< R1, R4, R5: how long an agent's message asks for an answer
    Duration pick{std::chrono::hours{24}};                ///< R5: how long a tapped row still moves its burst
    Duration offer_validity{std::chrono::minutes{30}};    ///< R1: how long a typed row, or `new`, is remembered
    Duration closer_reach{std::chrono::hours{24 * 30}};   ///< R6
    Duration follow_up_recency{std::chrono::hours{24 * 14}}; ///< R8: a new ticket is linked to one solved this recently
    Duration late_after{std::chrono::seconds{60}};        ///< out of order by more than this is marked late

    Duration ack_quiet{std::chrono::seconds{8}};          ///< after the burst's last message
    Duration ack_at_most{std::chrono::seconds{25}};       ///< after the burst's first message
    bool acknowledge{true};
    int automatic_per_hour{10};                           ///< notices per contact, acknowledgements included; 0: none at all
    int answers_per_hour{60};                             ///< answers to one contact's own commands; only machines get there
    std::optional<std::chrono::minutes> expect_answer_within; ///< told in acknowledgements; nullopt: unknown

    Groups groups{Groups::stored};
    NoticeSwitches notices;
    KeptTexts kept_texts{KeptTexts::deliver};
    bool silence_alarm{true}; ///< it is said when nothing comes although it normally does at this time
    bool mark_read{true}; ///< the customer is shown when an agent has seen what they wrote
    std::optional<std::chrono::minutes> closing_soon; ///< one of `window_marks`: the customer is asked to write then; nullopt: never
    /// Name and language of the template that goes out when the reply window is closed; empty: the send is refused.
    std::string window_template;
    std::string window_template_language;
    /// The same for an acknowledgement that is due when the reply window is closed; empty: it is not sent. Its one variable
    /// is the reference.
    std::string acknowledgement_template;
    std::string acknowledgement_template_language;
};

} // namespace deskbridge
