#include "verify.hpp"

#include "fault/database.hpp"

#include <fmt/format.h>

#include <set>
#include <unordered_map>

namespace bench {

std::string fault_of(std::filesystem::path const& database, std::vector<Brought> const& brought)
{
    fault::Database const db{database};
    if (auto const said = db.value("PRAGMA integrity_check"); said != "ok")
        return "integrity_check: " + said;
    auto const inbound = "SELECT external_id, count(*), min(coalesce(ticket_id, 0)) FROM message WHERE direction='in' GROUP BY external_id";
    std::unordered_map<std::string, bool> there; // and in a ticket
    for (auto const& row : db.rows(inbound)) {
        if (row[1] != "1")
            return "a message is there more than once";
        there[row[0]] = row[2] != "0";
    }
    std::size_t known = 0;
    for (auto const& [posts, answered] : brought)
        for (std::size_t p = 0; p < answered.size(); ++p)
            for (std::size_t i = posts.all[p].first; i < posts.all[p].first + posts.all[p].count; ++i) {
                auto const found = there.find(posts.ids[i]);
                if (found != there.end())
                    ++known;
                else if (answered[p])
                    return "a message was answered 200 and is missing";
                if (found != there.end() && !found->second)
                    return "a message is in no ticket";
            }
    if (known != there.size())
        return fmt::format("{} messages are there that nobody sent", there.size() - known);
    auto const shelf = db.value("SELECT count(*) FROM sqlite_schema WHERE name='shelf'");
    if (shelf != "0" && db.value("SELECT count(*) FROM shelf") != "0")
        return "events are on the shelf";
    return {};
}

std::string fault_of_sends(std::filesystem::path const& database, std::vector<Arrival> const& arrivals, int messages)
{
    fault::Database const db{database};
    if (auto const said = db.value("PRAGMA integrity_check"); said != "ok")
        return "integrity_check: " + said;
    auto const number = [&](char const* sql) { return std::stoi(db.value(sql)); };
    if (auto const accepted = number("SELECT count(*) FROM intent WHERE state = 'accepted'"); accepted != messages)
        return fmt::format("{} of {} messages are accepted", accepted, messages);
    if (auto const attempts = number("SELECT count(*) FROM attempt"); attempts != messages)
        return fmt::format("{} attempts for {} messages", attempts, messages);
    if (auto const accepted = number("SELECT count(*) FROM attempt WHERE outcome = 'accepted'"); accepted != messages)
        return fmt::format("{} attempts were accepted, not {}", accepted, messages);
    std::set<int> customers;
    for (auto const& arrival : arrivals)
        customers.insert(arrival.customer);
    if (arrivals.size() != customers.size() || customers.size() != static_cast<std::size_t>(messages))
        return fmt::format("{} messages have come for {} customers, not {}", arrivals.size(), customers.size(), messages);
    return {};
}

} // namespace bench
