#include "standing.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

std::string at(std::optional<Timestamp> when)
{
    return when ? " at " + in_words(*when) : std::string{};
}

std::string because(store::IntentRow const& intent)
{
    auto words = intent.state == IntentState::accepted ? std::string{} : intent.reason;
    auto error = store::error_words(intent);
    if (error.ends_with('.'))
        error.pop_back(); // it stands within a sentence
    if (!error.empty())
        words += (words.empty() ? "" : ": ") + error;
    if (intent.error_code && *intent.error_code != 0)
        words += " (" + std::to_string(*intent.error_code) + ")";
    return words.empty() ? std::string{} : " (" + words + ")";
}

std::string accepted(store::IntentRow const& intent)
{
    bool const arrived = intent.receipt && *intent.receipt >= ReceiptStatus::delivered;
    if (intent.failed_at && !arrived)
        return "was accepted" + at(intent.settled_at) + " and failed" + at(intent.failed_at) + because(intent);
    if (!intent.receipt && intent.reason == held_by_provider)
        return "was accepted" + at(intent.settled_at) + ", and the provider holds it back for now";
    auto const word = intent.receipt ? std::string{render_receipt_status(*intent.receipt)} : std::string{"accepted"};
    return "was " + word + at(intent.receipt ? intent.receipt_at : intent.settled_at);
}

} // namespace

std::string in_words(Timestamp at)
{
    auto words = render_rfc3339(at); // 2026-11-28T19:09:56.000Z
    words[words.find('T')] = ' ';
    return words.substr(0, words.find('.')) + " UTC";
}

std::string standing_of(store::IntentRow const& intent)
{
    switch (intent.state) {
    case IntentState::queued: return "waits for its turn";
    case IntentState::claimed: return "is on its way at this moment";
    case IntentState::retry_wait: return "was certainly not sent yet" + because(intent) + "; it is tried again" + at(intent.next_at);
    case IntentState::unknown:
        return "was tried" + at(intent.unknown_since) + " and nobody knows whether it arrived" +
               (intent.settled_at ? "; it is not sent again" : "");
    case IntentState::held: return "was tried" + at(intent.unknown_since) + " and waits for somebody who says whether it arrived";
    case IntentState::kept: return "is kept: the reply window is closed";
    case IntentState::accepted: return accepted(intent);
    case IntentState::refused: return "was refused" + at(intent.settled_at) + because(intent);
    case IntentState::expired: return "expired" + at(intent.settled_at) + because(intent);
    case IntentState::cancelled: break;
    }
    return "was cancelled" + at(intent.settled_at) + because(intent);
}

std::string standing_of(std::vector<store::IntentRow> const& parts)
{
    // What left cannot be taken back: it decides before anything else does.
    auto const left = [](store::IntentRow const& part) {
        return part.state == IntentState::accepted || part.state == IntentState::claimed || part.state == IntentState::unknown;
    };
    auto const first = std::find_if(parts.begin(), parts.end(), left);
    return standing_of(first == parts.end() ? parts.front() : *first);
}

namespace {

std::string behind(store::LanePlace const& place)
{
    auto const& first = place.ahead.front();
    std::string words = "it waits behind message " + std::to_string(first.message.value) + " of the same conversation, which " +
                        standing_of(first);
    if (place.look_again)
        words += "; looked at again" + at(place.look_again);
    return words;
}

std::string paused(std::string const& account, store::Pause const& pause)
{
    auto words = "account " + account + " is paused since " + in_words(pause.at) + ": " + pause.reason;
    if (pause.by == store::PausedBy::provider)
        words += "; it is tried again when the configuration is reloaded, or: deskbridge outbox resume " + account;
    return words;
}

std::string resting(std::string const& account, AccountRest const& rest)
{
    if (rest.reason == RestReason::complaints)
        return "account " + account + " sends no templates until " + in_words(rest.until) + ": customers block or report it";
    auto const* why = rest.reason == RestReason::throttled ? "the provider says that it sends too fast"
                      : rest.reason == RestReason::failing ? "most of its sends got no answer"
                                                           : "the provider cannot be reached";
    return "account " + account + " sends nothing until " + in_words(rest.until) + ": " + why;
}

std::string kept(store::IntentRow const& intent, std::optional<store::IntentRow> const& window_template)
{
    std::string words = intent.reason == "agent_says_keep" || intent.reason == "waiting_for_customer"
                            ? "it goes out when the customer writes again"
                            : "it waits for the customer, or for somebody who decides";
    bool const never_asked = window_template && (window_template->failed_at || (is_final(window_template->state) &&
                                                                                window_template->state != IntentState::accepted));
    if (never_asked)
        words += "; the customer does not know: the template that asks for it " + standing_of(*window_template);
    return words;
}

} // namespace

std::string waits_for(store::IntentRow const& intent, WaitingFacts const& facts)
{
    auto const& account = facts.account;
    bool const waiting = intent.state == IntentState::queued || intent.state == IntentState::retry_wait;
    if (waiting && account.paused)
        return paused(account.as.name, *account.paused);
    if (waiting && !account.configured)
        return "account " + account.as.name + " is not configured any more: nothing of it is sent";
    if (waiting && intent.next_at > facts.now)
        return "the next attempt is" + at(intent.next_at);
    if (waiting && facts.rest)
        return resting(account.as.name, *facts.rest);
    if (waiting && facts.place.turn)
        return "it may go now, as soon as the account's rate and its limit of sends in flight allow";
    if (waiting && !facts.place.ahead.empty())
        return behind(facts.place);
    if (waiting)
        return "it lets a later message of an agent's go first";
    if (intent.state == IntentState::unknown && !intent.settled_at)
        return "it waits for the provider's word, or somebody's";
    if (intent.state == IntentState::kept)
        return kept(intent, facts.window_template);
    return {};
}

} // namespace deskbridge::desk
