#include "image_judge.hpp"

#include "database.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <openssl/evp.h>

#include <array>
#include <map>
#include <stdexcept>
#include <utility>

namespace fault {
namespace {

/// Each query counts what must not be.
constexpr std::array<std::pair<char const*, char const*>, 24> whole_units{{
    {"placement", "SELECT count(*) FROM message WHERE direction='in' AND message_id NOT IN (SELECT message_id FROM message_placement WHERE message_id IS NOT NULL)"},
    {"placement in its ticket", "SELECT count(*) FROM message m JOIN message_placement p USING (message_id) WHERE p.to_ticket_id IS NOT m.ticket_id"},
    {"journal of an event", "SELECT count(*) FROM inbound_event e WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.journal_id=e.journal_id AND j.body IS NOT NULL)"},
    {"journal of a message, with its words", "SELECT count(*) FROM message m WHERE direction='in' AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.journal_id=m.journal_id AND instr(j.body, CAST(m.external_id AS BLOB)) > 0)"},
    {"event of a journal entry", "SELECT count(*) FROM journal j WHERE NOT EXISTS (SELECT 1 FROM inbound_event e WHERE e.journal_id=j.journal_id)"},
    {"effect of each event", "SELECT (SELECT count(*) FROM inbound_event WHERE state='applied') <> (SELECT count(*) FROM message WHERE direction='in') + (SELECT count(*) FROM receipt)"},
    {"effects that all happened", "SELECT (SELECT count(*) FROM shelf) + (SELECT count(*) FROM inbound_event WHERE state<>'applied')"},
    {"log entry of a message", "SELECT count(*) FROM message WHERE direction='in' AND message_id NOT IN (SELECT message_id FROM event WHERE message_id IS NOT NULL AND type='message.received')"},
    {"log entry of what was queued", "SELECT count(*) FROM message WHERE direction='out' AND message_id NOT IN (SELECT message_id FROM event WHERE message_id IS NOT NULL AND type='message.queued')"},
    {"log entry of a ticket", "SELECT count(*) FROM ticket LEFT JOIN (SELECT ticket_id, count(*) AS n FROM event WHERE type='ticket.opened' GROUP BY 1) USING (ticket_id) WHERE n IS NOT 1"},
    {"object of a log entry", "SELECT count(*) FROM event e WHERE (message_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message m WHERE m.message_id=e.message_id)) OR (ticket_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.ticket_id=e.ticket_id)) OR (intent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.intent_id=e.intent_id))"},
    {"log without gaps", "SELECT count(*) <> coalesce(max(seq), 0) FROM event"},
    {"log's sequence", "SELECT coalesce((SELECT max(seq) FROM event), 0) <> coalesce((SELECT seq FROM sqlite_sequence WHERE name='event'), 0)"},
    {"cursor within the log", "SELECT count(*) FROM cursor WHERE seq > (SELECT coalesce(max(seq), 0) FROM event)"},
    {"interval of a ticket", "SELECT count(*) FROM ticket t WHERE (SELECT count(*) FROM ticket_interval i WHERE i.ticket_id=t.ticket_id AND i.solved_at_ms IS NULL) <> (t.status NOT IN ('solved','closed'))"},
    {"first message of a ticket", "SELECT count(*) FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket_id=t.ticket_id AND m.direction='in')"},
    {"acknowledgement to come or answer given", "SELECT count(*) FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM timer d WHERE d.ticket_id=t.ticket_id) AND NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket_id=t.ticket_id AND m.direction='out')"},
    {"address of a contact", "SELECT count(*) FROM contact c WHERE (SELECT count(*) FROM identity i WHERE i.contact_id=c.contact_id) = 0 OR (SELECT count(*) FROM conversation v WHERE v.contact_id=c.contact_id) <> 1"},
    {"intent of a message", "SELECT count(*) FROM message m WHERE direction='out' AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.message_id=m.message_id)"},
    {"attempts counted", "SELECT count(*) FROM intent i WHERE attempts <> (SELECT count(*) FROM attempt a WHERE a.intent_id=i.intent_id) OR attempts <> (SELECT coalesce(max(n), 0) FROM attempt a WHERE a.intent_id=i.intent_id)"},
    {"attempt of what was accepted", "SELECT count(*) FROM intent i WHERE state='accepted' AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.intent_id=i.intent_id AND a.outcome='accepted')"},
    {"recovered attempts", "SELECT (SELECT count(*) FROM attempt WHERE outcome IS NULL) + (SELECT count(*) FROM intent WHERE state='claimed')"},
    {"unknown within the in-flight limit", "SELECT count(*) FROM (SELECT epoch FROM attempt WHERE settled_by='recovery' GROUP BY epoch HAVING count(*) > 32)"},
    {"remembered answer of an agent's message", "SELECT count(*) FROM message m WHERE class='agent' AND text LIKE 'Answer %' AND NOT EXISTS (SELECT 1 FROM idempotency k WHERE k.key = 'desk:key-' || replace(rtrim(substr(m.text, 8), '.'), 'x', '-'))"},
}};

std::map<std::string, int> counted(Database const& db, char const* sql)
{
    std::map<std::string, int> out;
    for (auto const& row : db.rows(sql))
        out[row[0]] = std::stoi(row[1]);
    return out;
}

int at(std::map<std::string, int> const& counts, std::string const& key)
{
    auto const found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

int more_than_once(std::map<std::string, int> const& counts)
{
    int doubled = 0;
    for (auto const& [key, count] : counts)
        doubled += count > 1 ? 1 : 0;
    return doubled;
}

void judge_promises(Database const& db, MixedLoad const& load, Told const& told, Verdict& verdict)
{
    auto const messages = counted(db, "SELECT external_id, count(*) FROM message WHERE direction='in' GROUP BY 1");
    auto const receipts = counted(db, "SELECT external_id || ':' || status, count(*) FROM receipt GROUP BY 1");
    auto const replies = counted(db, "SELECT text, count(*) FROM message JOIN intent USING (message_id) WHERE direction='out' GROUP BY 1");
    auto const attempts = counted(db, "SELECT token, count(*) FROM attempt GROUP BY 1");
    int missing = 0;
    int missing_replies = 0;
    for (auto const id : told.answered) {
        for (int const index : load.events_of(id)) {
            auto const& event = load.storm().events[static_cast<std::size_t>(index)];
            missing += at(event.message ? messages : receipts, event.id) == 0 ? 1 : 0;
        }
        if (auto const reply = load.reply_of(id); !reply.empty())
            missing_replies += at(replies, reply) == 0 ? 1 : 0;
    }
    int unjournalled = 0;
    for (auto const& token : told.sent)
        unjournalled += at(attempts, token) == 0 ? 1 : 0;
    verdict.expect(missing == 0, fmt::format("{} events were answered 200 and are missing", missing));
    verdict.expect(missing_replies == 0, fmt::format("{} replies were accepted from the agent and are missing", missing_replies));
    verdict.expect(unjournalled == 0, fmt::format("{} attempts began to leave and are not in the journal", unjournalled));
    auto const agents = counted(db, "SELECT text, count(*) FROM message WHERE class='agent' GROUP BY 1");
    auto const doubled = more_than_once(messages) + more_than_once(receipts) + more_than_once(agents);
    verdict.expect(doubled == 0, fmt::format("{} events or replies are there more than once", doubled));
}

std::string sha256_of(std::string const& bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string out;
    for (unsigned i = 0; i < size; ++i)
        out += fmt::format("{:02x}", digest[i]);
    return out;
}

/// A file that counts as fetched is there, whole: nobody asks the provider for it again.
void judge_files(Database const& db, std::filesystem::path const& media, Verdict& verdict)
{
    int missing = 0;
    for (auto const& row : db.rows("SELECT sha256, size_bytes FROM media WHERE state='fetched'")) {
        auto const bytes = deskbridge::test::try_read_file(media / row[0].substr(0, 2) / row[0].substr(2)).value_or("");
        missing += std::to_string(bytes.size()) != row[1] || sha256_of(bytes) != row[0] ? 1 : 0;
    }
    verdict.expect(missing == 0, fmt::format("{} fetched files are missing or not whole", missing));
}

} // namespace

Verdict judge_image(std::filesystem::path const& database, MixedLoad const& load, Told const& told)
{
    Verdict verdict;
    try {
        Database const db{database};
        verdict.expect(db.value("PRAGMA integrity_check") == "ok", "integrity_check is not ok");
        verdict.expect(db.rows("PRAGMA foreign_key_check").empty(), "foreign_key_check found rows");
        for (auto const& [name, sql] : whole_units) {
            auto const count = db.value(sql);
            verdict.expect(count == "0", fmt::format("{}: {} times not so", name, count));
        }
        judge_promises(db, load, told, verdict);
        judge_files(db, database.parent_path() / "media", verdict);
    } catch (std::runtime_error const& error) {
        verdict.expect(false, error.what());
    }
    return verdict;
}

} // namespace fault
