#include "contact_view.hpp"

#include "answers.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

void print_address(ordered_json const& address)
{
    auto const until = text(address, "valid_to");
    fmt::print("    {:<12} {:<28} {}\n", safe(text(address, "kind")), safe(text(address, "value")),
               until.empty() ? fmt::format("since {}, seen {}", clock_of(text(address, "valid_from")), clock_of(text(address, "last_seen_at")))
                             : fmt::format("theirs no more: from {} to {}", clock_of(text(address, "valid_from")), clock_of(until)));
}

void print_flag(std::string const& flagged)
{
    if (flagged == "number_recycled")
        fmt::print("! a number of theirs has, or had, another owner: make sure who it is before you tell them anything\n");
    else if (flagged == "identity_changed")
        fmt::print("! their security code changed: it may be a new phone, or somebody else with their number\n");
    else if (!flagged.empty())
        fmt::print("! {}\n", safe(flagged));
}

void print_merged(ordered_json const& merged)
{
    auto const name = text(merged, "name");
    auto const at = text(merged, "at");
    fmt::print("    merged from contact {}{}{}{}\n", text(merged, "id"), name.empty() ? "" : " (" + safe(name) + ")",
               at.empty() ? "" : " at " + moment_in_words(at), text(merged, "because").empty() ? "" : ": " + safe(text(merged, "because")));
}

void print_marketing(ordered_json const& word)
{
    fmt::print("    {} {}: {} at {}\n", yes(word, "wanted") ? "wants marketing from" : "no marketing from", safe(text(word, "account")),
               text(word, "source") == "refusal" ? "the provider refused a message because of it" : "so they told in their app",
               moment_in_words(text(word, "told_at")));
}

} // namespace

std::vector<std::string> contact_row_head()
{
    return {"CONTACT", "WROTE (UTC)", "NAME", "USER NAME", "ADDRESS", "NOTES"};
}

std::vector<std::string> contact_row(ordered_json const& contact)
{
    std::string addresses;
    for (auto const& address : contact.at("addresses"))
        addresses += (addresses.empty() ? "" : ", ") + safe(text(address, "value"));
    std::string notes{text(contact, "flagged")};
    if (!text(contact, "stopped_at").empty())
        notes += notes.empty() ? "stopped" : ", stopped";
    auto const username = text(contact, "username");
    return {text(contact, "id"), or_dash(clock_of(text(contact, "wrote_at"))), or_dash(safe(text(contact, "name"))),
            username.empty() ? "-" : "@" + safe(username), or_dash(addresses), or_dash(safe(notes))};
}

void print_contact(ordered_json const& contact)
{
    auto const username = text(contact, "username");
    auto const language = text(contact, "language");
    auto const stopped = text(contact, "stopped_at");
    fmt::print("contact {}{}{}{}\n", text(contact, "id"), username.empty() ? "" : "  @" + safe(username),
               language.empty() ? "" : "  language " + safe(language),
               stopped.empty() ? "" : "  wants nothing unasked since " + moment_in_words(stopped));
    print_flag(text(contact, "flagged"));
    for (auto const& address : contact.at("addresses"))
        print_address(address);
    for (auto const& merged : contact.at("merged_from"))
        print_merged(merged);
    for (auto const& word : contact.at("marketing"))
        print_marketing(word);
}

void print_referrals(ordered_json const& ticket)
{
    auto const referrals = ticket.find("referrals");
    if (referrals == ticket.end() || !referrals->is_array())
        return;
    for (auto const& referral : *referrals) {
        std::string words;
        for (auto const* key : {"headline", "source_type", "source_id", "source_url"})
            if (auto const word = text(referral, key); !word.empty())
                words += "  " + safe(word);
        fmt::print("advert:{}  (message {})\n", words, text(referral, "message"));
    }
}

} // namespace deskbridge::app
