#include "provider_judge.hpp"

#include "database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

namespace fault {
namespace {

using Sent = ProviderLedger::Sent;

struct Attempt {
    std::string intent, outcome, external_id;
    int n{0};
};

struct Intent {
    long id{0};
    std::string lane, kind, state, reason, receipt, text;
    int attempts{0}, releases{0};
    std::vector<std::size_t> sent; ///< places in the ledger
};

struct Books {
    std::map<std::string, Intent> intents;
    std::map<std::string, Attempt> attempts;
};

Books books_of(Database const& db)
{
    Books books;
    for (auto const& r : db.rows("SELECT i.intent_id, i.conversation_id, i.class, i.state, i.state_reason, i.receipt, i.attempts, m.text "
                                 "FROM intent i JOIN message m USING (message_id)"))
        books.intents[r[0]] = {std::stol(r[0]), r[1], r[2], r[3], r[4], r[5], r[7], std::stoi(r[6]), 0, {}};
    for (auto const& r : db.rows("SELECT intent_id, count(*) FROM event WHERE intent_id IS NOT NULL AND json_extract(data, '$.reason') "
                                 "IN ('agent_says_resend', 'agent_says_retry', 'presumed_not_sent', 'window_opened', 'window_doubted') GROUP BY intent_id"))
        books.intents[r[0]].releases = std::stoi(r[1]);
    for (auto const& r : db.rows("SELECT token, intent_id, outcome, external_id, n FROM attempt"))
        books.attempts[r[0]] = {r[1], r[2], r[3], std::stoi(r[4])};
    return books;
}

/// The first of a kind of mistake, and how many there are.
class Mistakes {
public:
    Mistakes(Verdict& verdict, std::string what) : verdict_{verdict}, what_{std::move(what)} {}
    ~Mistakes() { verdict_.expect(count_ == 0, fmt::format("{} {}, the first: {}", count_, what_, first_)); }
    Mistakes(Mistakes const&) = delete;
    Mistakes& operator=(Mistakes const&) = delete;
    void found(std::string const& where)
    {
        if (count_++ == 0)
            first_ = where;
    }

private:
    Verdict& verdict_;
    std::string what_, first_;
    int count_{0};
};

void judge_each_send(Books& books, std::vector<Sent> const& sends, Verdict& verdict)
{
    Mistakes unjournalled{verdict, "sends have no attempt in the journal"};
    Mistakes twice{verdict, "attempts reached the provider twice"};
    Mistakes denied{verdict, "attempts are called not sent or refused, and the provider has them"};
    Mistakes misnamed{verdict, "attempts have another id than the provider's"};
    std::set<std::string> seen;
    for (std::size_t i = 0; i < sends.size(); ++i) {
        auto const& sent = sends[i];
        auto const attempt = books.attempts.find(sent.token);
        if (attempt == books.attempts.end()) {
            unjournalled.found(sent.text);
            continue;
        }
        if (!seen.insert(sent.token).second)
            twice.found(sent.text);
        if (attempt->second.outcome == "not_sent" || attempt->second.outcome == "refused")
            denied.found(sent.text);
        if (!attempt->second.external_id.empty() && attempt->second.external_id != sent.id)
            misnamed.found(sent.text);
        books.intents[attempt->second.intent].sent.push_back(i);
    }
    Mistakes invented{verdict, "attempts are called accepted, and the provider does not have them"};
    for (auto const& [token, attempt] : books.attempts)
        if (attempt.outcome == "accepted" && !seen.contains(token))
            invented.found(books.intents[attempt.intent].text);
}

void judge_each_intent(Books const& books, Verdict& verdict)
{
    Mistakes doubled{verdict, "messages went out more often than anybody asked for"};
    Mistakes lost{verdict, "messages are called accepted, and the provider has none of them"};
    Mistakes open{verdict, "messages are still on their way"};
    Mistakes unexplained{verdict, "messages ended without having been sent, refused or cancelled"};
    std::set<std::string> const reasons{"refused_by_provider", "customer_unreachable", "template_unusable", "window_closed"};
    for (auto const& [id, intent] : books.intents) {
        auto const where = fmt::format("intent {} ({}, {})", id, intent.state, intent.text);
        if (static_cast<int>(intent.sent.size()) > 1 + intent.releases)
            doubled.found(where);
        if (intent.state == "accepted" && intent.sent.empty())
            lost.found(where);
        bool const at_most_once = intent.kind != "agent" && intent.state == "unknown";
        bool const ended = intent.state == "accepted" || intent.state == "refused" || intent.state == "cancelled" || intent.state == "expired";
        if (!ended && !at_most_once)
            open.found(where);
        bool const taken_back = intent.state == "cancelled" && intent.reason == "agent_says_cancel" && intent.sent.empty();
        bool const by_provider = intent.state == "refused" && reasons.contains(intent.reason);
        if (ended && intent.state != "accepted" && !by_provider && !taken_back && intent.kind == "agent")
            unexplained.found(where);
    }
}

void judge_promises(Books const& books, std::set<std::string> const& promised, Verdict& verdict)
{
    std::map<std::string, int> there;
    for (auto const& [id, intent] : books.intents)
        ++there[intent.text];
    Mistakes missing{verdict, "messages were taken from an agent and are not there exactly once"};
    for (auto const& text : promised)
        if (there[text] != 1)
            missing.found(text);
}

/// Of agents' messages to one customer the provider had the earlier one first; what was released has no place among them.
void judge_lanes(Books const& books, Verdict& verdict)
{
    std::map<std::string, std::map<long, Intent const*>> lanes;
    for (auto const& [id, intent] : books.intents)
        if (intent.kind == "agent" && !intent.sent.empty() && intent.releases == 0)
            lanes[intent.lane][intent.id] = &intent;
    Mistakes inverted{verdict, "messages overtook an earlier one to the same customer"};
    for (auto const& [lane, intents] : lanes) {
        std::size_t latest = 0;
        for (auto const& [id, intent] : intents) {
            if (intent->sent.front() < latest)
                inverted.found(intent->text);
            latest = std::max(latest, intent->sent.front());
        }
    }
}

void judge_receipts(Books const& books, ProviderLedger const& ledger, Verdict& verdict)
{
    Mistakes deaf{verdict, "messages stand otherwise than their receipts say"};
    for (auto const& sent : ledger.sends) {
        auto const attempt = books.attempts.find(sent.token);
        auto const told = ledger.told(sent.id);
        if (attempt == books.attempts.end() || told.empty())
            continue;
        auto const& intent = books.intents.at(attempt->second.intent);
        if (attempt->second.n != intent.attempts)
            continue;
        std::string highest;
        for (auto const* status : {"sent", "delivered", "read"})
            highest = told.contains(status) ? status : highest;
        if (intent.receipt != highest || intent.state != "accepted")
            deaf.found(fmt::format("{} is {}/{} and was told {}", intent.text, intent.state, intent.receipt, highest));
    }
}

} // namespace

Verdict judge_sends(std::filesystem::path const& database, ProviderLedger const& ledger, std::set<std::string> const& promised)
{
    Verdict verdict;
    Database const db{database};
    verdict.expect(db.value("PRAGMA integrity_check") == "ok", "integrity_check is not ok");
    verdict.expect(db.rows("PRAGMA foreign_key_check").empty(), "foreign_key_check found rows");
    verdict.expect(db.value("SELECT count(*) FROM shelf") == "0", "webhooks are on the shelf");
    auto books = books_of(db);
    judge_each_send(books, ledger.sends, verdict);
    judge_each_intent(books, verdict);
    judge_promises(books, promised, verdict);
    judge_lanes(books, verdict);
    judge_receipts(books, ledger, verdict);
    return verdict;
}

namespace {

struct Mistake {
    std::string name; ///< what the judge says of it
    std::function<bool(ProviderLedger&, std::set<std::string>&)> plant; ///< answers whether that was possible
};

/// An agent's text from the middle of the run.
Sent& some_send(ProviderLedger& ledger)
{
    auto const middle = ledger.sends.begin() + static_cast<std::ptrdiff_t>(ledger.sends.size() / 2);
    return *std::find_if(middle, ledger.sends.end(), [](Sent const& sent) { return sent.text.starts_with("Answer "); });
}

std::vector<Mistake> mistakes(std::string const& not_sent, std::string const& refused)
{
    auto const leave_out = [](auto& book, auto&) {
        std::erase_if(book.sends, [gone = some_send(book).text](Sent const& sent) { return sent.text == gone; });
        return true;
    };
    auto const again = [](auto& book, auto&) {
        auto const sent = some_send(book);
        book.sends.push_back(sent);
        return true;
    };
    auto const claim = [not_sent](auto& book, auto&) {
        book.sends.push_back({"wamid.planted", not_sent, "planted"});
        return !not_sent.empty();
    };
    auto const more = [refused](auto& book, auto&) {
        book.sends.push_back({"wamid.once", refused, "planted"});
        book.sends.push_back({"wamid.twice", refused, "planted"});
        return !refused.empty();
    };
    auto const all_read = [](auto& book, auto&) {
        for (auto const& sent : book.sends)
            book.plant_status(sent.id, "read");
        return true;
    };
    return {
        {"has none of them", leave_out},
        {"reached the provider twice", again},
        {"called not sent", claim},
        {"more often than anybody asked", more},
        {"no attempt in the journal", [](auto& book, auto&) { some_send(book).token = "ffff"; return true; }},
        {"another id", [](auto& book, auto&) { some_send(book).id += "x"; return true; }},
        {"overtook", [](auto& book, auto&) { std::reverse(book.sends.begin(), book.sends.end()); return true; }},
        {"otherwise than their receipts", all_read},
        {"not there exactly once", [](auto&, auto& words) { return words.insert("Answer nobody gave.").second; }},
    };
}

} // namespace

std::vector<std::string> judge_the_judge(std::filesystem::path const& database, ProviderLedger const& ledger, std::set<std::string> const& promised,
                                         int& planted)
{
    Database const db{database};
    std::vector<std::string> missed;
    for (auto const& mistake : mistakes(db.value("SELECT token FROM attempt WHERE outcome = 'not_sent'"),
                                        db.value("SELECT token FROM attempt WHERE outcome = 'refused'"))) {
        auto copy = ledger;
        auto words = promised;
        bool const possible = mistake.plant(copy, words);
        auto const verdict = judge_sends(database, copy, words);
        bool const caught = std::any_of(verdict.failures.begin(), verdict.failures.end(),
                                        [&](std::string const& why) { return why.find(mistake.name) != std::string::npos; });
        ++planted;
        if (!possible || !caught)
            missed.push_back(mistake.name);
    }
    return missed;
}

} // namespace fault
