#pragma once

#include "deskbridge/core/command.hpp"
#include "deskbridge/core/lifecycle.hpp"
#include "deskbridge/core/result.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/core/time.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge {

/// Every text that we send to customers by ourselves. In braces: its placeholders, optional ones with "?".
/// `name?` (the customer's) may stand in every text; so may the command words {command_status}, {command_new},
/// {command_agent}, {command_close}, {command_help}, {command_stop}, {command_start} and {languages}: `render` fills
/// these by itself, from the language's first word of each kind. A text in a catalogue is a Mustache template:
/// `{{#within}}… {{within}} …{{/within}}` is left out when there is no `within`.
enum class TextKey {
    // acknowledgements; within: `render_within`
    ack_opened,    ///< {reference, within?}
    ack_reopened,  ///< {reference, within?}, offers button_something_new
    ack_follow_up, ///< {reference, earlier, within?}
    button_something_new, ///< button

    // status on demand; status: `render_state`, when: `render_when`; `status_answer` puts the parts together
    status_one,    ///< {reference, subject?, status, step, next}
    status_solved, ///< {reference, subject?, when, summary?}: solved or closed
    status_none,
    status_several,         ///< {count}: body above the list
    status_list_button,     ///< list button
    status_row_title,       ///< row title {reference}
    status_row_description, ///< row description {status, when, subject?}
    state_new, state_open, state_pending, state_on_hold, state_solved, state_closed, ///< the status, as customers call it
    step_received, step_taken_over, step_answered, step_waiting_for_you, step_waiting_for_others, step_solved,
    step_reopened, step_customer_wrote,              ///< {when}: the last step; named as in ticket.last_step
    next_new, next_open, next_pending, next_on_hold, ///< {within?}: what comes next, one sentence
    not_found, ///< the same for a wrong reference and for somebody else's

    // several open tickets (R5)
    choice_intro,           ///< {reference}: where it went, and that the list can change that
    choice_list_button,     ///< list button
    choice_row_title,       ///< row title {reference}
    choice_row_description, ///< row description {status, when, subject?}
    choice_row_new,             ///< row title: something new
    choice_row_new_description, ///< row description
    pick_moved,  ///< {reference}: the message now belongs there
    pick_new,    ///< {reference}: it became a ticket of its own
    pick_late,   ///< {reference?}: too late, or already answered: nothing was moved

    // other commands
    new_asked,       ///< `new`: "please describe it"
    agent_requested, ///< {reference, within?}
    close_confirmed, ///< {reference}
    close_several,   ///< {references}: all of them closed
    close_none,
    help,
    help_no_ticket, ///< help, and a request to describe the matter
    stop_confirmed,
    start_confirmed,
    language_changed,

    // notices
    notice_taken_over,      ///< {reference, agent?}: the agent's first name
    notice_waiting_for_you, ///< {reference}
    notice_solved,          ///< {reference, summary?}
    notice_reopened,        ///< {reference}
    notice_merged,          ///< {reference, into}
    notice_closing_soon,    ///< {reference, within}: how long we may still write here
};

/// Where a text goes, with its limit in UTF-16 units. Source: WhatsApp Cloud API, "Interactive reply buttons messages" and
/// "Interactive list messages" (2025-11).
enum class TextPlace { body, choice_body, word, button, list_button, row_title, row_description };

/// The limit of a place: a message of its own 4096, one with buttons or a list 1024, a word or phrase inside another text 160,
/// button and list button 20, row title 24, row description 72.
[[nodiscard]] std::size_t limit_of(TextPlace place) noexcept;

/// What the catalogues call it, and what may stand in it.
struct TextSpec {
    TextKey key;
    std::string_view name; ///< "ack_opened"
    TextPlace place;
    std::string_view required; ///< placeholders, separated by spaces: every language's text must use them
    std::string_view optional; ///< those it may use
};

[[nodiscard]] std::span<TextSpec const> text_specs() noexcept;
[[nodiscard]] TextSpec const& spec_of(TextKey key) noexcept;
[[nodiscard]] std::optional<TextKey> parse_text_key(std::string_view name) noexcept;

/// Values by placeholder, raw: `render` cleans and neutralises customers' words (name, subject), keeps agents' own
/// formatting (summary), takes the first word of `agent`, and isolates references, numbers and names in right-to-left text.
/// An empty value counts as absent.
using TextValues = std::map<std::string, std::string, std::less<>>;

/// The languages that this binary speaks, English first.
[[nodiscard]] std::span<std::string const> built_in_languages();

/// May it stand before references? At most 8 UTF-16 units, no digit, no white space, no formatting marks.
[[nodiscard]] bool is_reference_prefix(std::string const& text);

struct CatalogueSettings {
    std::vector<std::string> languages;    ///< enabled ones; empty: all built-in ones
    std::string default_language{"en"};    ///< one of them
    std::string overrides;                 ///< the account's file, as text; empty: none
    std::string time_zone{"UTC"};          ///< IANA name
    std::string reference_prefix{"#"};     ///< see is_reference_prefix
};

/// What a status answer says about one ticket.
struct ToldTicket {
    std::string reference; ///< stored form
    TicketStatus status{TicketStatus::new_};
    std::string subject;
    LastStep last_step{LastStep::received};
    Timestamp last_step_at{};
    std::string summary;
    std::optional<std::chrono::minutes> within; ///< we usually answer within; nullopt: unknown
};

/// An account's texts and command words, in all its languages.
///
/// Overrides are JSON: {"de": {"texts": {"ack_opened": "…"}, "commands": {"status": ["wo ist mein paket"]},
/// "closers": ["merci"]}}: texts replace, words are added.
///
/// Errors:  `load` answers Fault::malformed with one line per problem: unknown language, key or placeholder, a required
///          placeholder missing, a text that cannot keep its place's limit, a word that means two commands.
/// Threads: const functions are safe from any thread.
class Catalogue {
public:
    [[nodiscard]] static Result<Catalogue> load(CatalogueSettings const& settings);
    Catalogue(Catalogue&&) noexcept;
    Catalogue& operator=(Catalogue&&) noexcept;
    ~Catalogue();

    /// The text, cut to its place's limit. An unknown or disabled language means the default one. `reference`, `earlier`
    /// and `into` are given in stored form and shown with the prefix; `references` likewise, separated by spaces.
    /// A missing required value is a bug: throws std::invalid_argument.
    [[nodiscard]] std::string render(TextKey key, std::string_view language, TextValues const& values = {}) const;

    /// The status as customers call it: "being worked on".
    [[nodiscard]] std::string render_state(TicketStatus status, std::string_view language) const;
    /// "just now", "12 minutes ago", "yesterday, 14:05", "Monday, 09:30", "3 March, 14:05", in the account's time zone.
    [[nodiscard]] std::string render_when(Timestamp at, Timestamp now, std::string_view language) const;
    /// For {within}: "2 hours", rounded up, in the grammatical case that the texts need.
    [[nodiscard]] std::string render_within(std::chrono::minutes duration, std::string_view language) const;

    /// The whole answer about one ticket.
    [[nodiscard]] std::string status_answer(ToldTicket const& facts, Timestamp now, std::string_view language) const;
    /// A row of the list under `status_several` or `choice_intro`.
    struct Row {
        std::string title;
        std::string description;
    };
    [[nodiscard]] Row status_row(ToldTicket const& facts, Timestamp now, std::string_view language) const;

    [[nodiscard]] CommandWords const& commands() const noexcept;
    [[nodiscard]] std::span<std::string const> languages() const noexcept; ///< enabled
    [[nodiscard]] std::string const& default_language() const noexcept;
    [[nodiscard]] std::string const& reference_prefix() const noexcept;

private:
    struct Parts;
    explicit Catalogue(std::unique_ptr<Parts const> parts);
    std::unique_ptr<Parts const> parts_;
};

} // namespace deskbridge
