#include "outbound_judge.hpp"

#include "database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace fault {
namespace {

#define ONE_MORE_ATTEMPT                                                                                                        \
    "INSERT INTO attempt (token, intent_id, n, epoch, account_id, address_kind, address_value, begun_at_ms, ended_at_ms, outcome, settled_by) "

struct Falsification {
    std::string_view finds;                                           ///< words of the judge's finding
    char const* sql;                                                  ///< one statement; ?T: a token that was accepted. "": none
    void (*ledger)(std::vector<Arrival>& arrivals, Arrival const& of) ///< `of`: that token's
        {[](std::vector<Arrival>&, Arrival const&) {}};
};

constexpr std::array falsifications{
    Falsification{"have no attempt in the journal", "DELETE FROM attempt WHERE token = '?T'"},
    Falsification{"have no attempt in the journal", "", [](auto& all, auto const& of) { all.push_back({"", of.recipient, 0}); }},
    Falsification{"reached the provider more than once", "", [](auto& all, auto const& of) { all.push_back(of); }},
    Falsification{"reached somebody else", "", [](auto& all, auto const&) { all.front().recipient = "491511"; }},
    Falsification{"are called not sent", "UPDATE attempt SET outcome = 'not_sent' WHERE token = '?T'"},
    Falsification{"are called accepted", "",
                  [](auto& all, auto const& of) { std::erase_if(all, [&](auto const& each) { return each.token == of.token; }); }},
    Falsification{"have the id of another", "UPDATE attempt SET external_id = 'wamid.sink0' WHERE token = '?T'"},
    Falsification{"do not say so", "UPDATE attempt SET outcome = 'unknown', settled_by = 'recovery' WHERE token = '?T'"},
    Falsification{"are not numbered", "UPDATE attempt SET n = n + 1 WHERE token = '?T'"},
    Falsification{"are not numbered", "UPDATE intent SET attempts = attempts + 1 WHERE intent_id = (SELECT intent_id FROM attempt WHERE token = '?T')"},
    Falsification{"were begun before", ONE_MORE_ATTEMPT "SELECT 'more', intent_id, n + 1, epoch, account_id, address_kind, address_value, "
                                                        "ended_at_ms, ended_at_ms, 'not_sent', 'answer' FROM attempt WHERE token = '?T'"},
    Falsification{"were begun before", ONE_MORE_ATTEMPT "SELECT 'more', intent_id, 0, epoch, account_id, address_kind, address_value, "
                                                        "begun_at_ms, begun_at_ms + 1, 'not_sent', 'answer' FROM attempt WHERE token = '?T'"},
    Falsification{"again without having been let go", ONE_MORE_ATTEMPT "SELECT 'more', intent_id, n + 1, epoch, account_id, address_kind, address_value, "
                                                                       "ended_at_ms, ended_at_ms, 'unknown', 'recovery' FROM attempt WHERE token = '?T'",
                  [](auto& all, auto const& of) { all.push_back({"more", of.recipient, 1000000}); }},
    Falsification{"came after later ones", "", [](auto& all, auto const&) { std::reverse(all.begin(), all.end()); }},
    Falsification{"were in doubt after one crash",
                  "WITH RECURSIVE more (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM more WHERE i < 33) " ONE_MORE_ATTEMPT
                  "SELECT 'more' || i, intent_id, n + i, epoch, account_id, address_kind, address_value, begun_at_ms, ended_at_ms, 'unknown', 'recovery' "
                  "FROM attempt, more WHERE token = '?T'"},
};

/// One that the journal and the ledger agree on.
Arrival const* find_sound(Database const& db, std::vector<Arrival> const& arrivals)
{
    std::set<std::string> accepted;
    for (auto const& row : db.rows("SELECT token FROM attempt JOIN intent USING (intent_id) WHERE class='agent' AND state='accepted' AND attempts=1 "
                                   "AND outcome='accepted' AND settled_by='answer'"))
        accepted.insert(row[0]);
    auto const found = std::find_if(arrivals.begin(), arrivals.end(), [&](auto const& each) { return accepted.contains(each.token); });
    return found == arrivals.end() ? nullptr : &*found;
}

std::string filled(std::string sql, std::string const& token)
{
    if (auto const at = sql.find("?T"); at != std::string::npos)
        sql.replace(at, 2, token);
    return sql;
}

bool finds(Verdict const& verdict, std::string_view words)
{
    return std::any_of(verdict.failures.begin(), verdict.failures.end(), [&](auto const& each) { return each.find(words) != std::string::npos; });
}

} // namespace

Falsified falsify_outbound(std::filesystem::path const& database, std::vector<Arrival> const& arrivals)
{
    Falsified out;
    auto const* const of = find_sound(Database{database}, arrivals);
    if (!of) {
        out.overlooked.push_back("no message was accepted: nothing can be falsified");
        return out;
    }
    auto const copy = database.parent_path() / "falsified.db";
    for (auto const& [words, sql, ledger] : falsifications) {
        std::filesystem::copy_file(database, copy, std::filesystem::copy_options::overwrite_existing);
        if (*sql != '\0')
            (void)Database{copy}.rows(filled(sql, of->token).c_str());
        auto changed = arrivals;
        ledger(changed, *of);
        if (finds(judge_outbound(copy, changed), words))
            ++out.found;
        else
            out.overlooked.push_back(fmt::format("overlooked, that some {} ({})", words, sql));
    }
    return out;
}

} // namespace fault
