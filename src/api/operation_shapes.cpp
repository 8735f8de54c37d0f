#include "shapes.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <cstdint>

namespace deskbridge::api {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view digits64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = (group << 8) | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= left ? digits64[(group >> (18 - 6 * k)) & 63u] : '=';
    }
    return out;
}

ordered_json code_or_null(std::optional<int> code)
{
    return code && *code != 0 ? ordered_json(*code) : ordered_json{};
}

ordered_json bytes_or_null(std::optional<std::int64_t> bytes)
{
    return bytes ? ordered_json(*bytes) : ordered_json{};
}

ordered_json error_of(std::optional<int> code, std::string const& title, std::string const& sentence = {})
{
    if (code_or_null(code).is_null() && title.empty() && sentence.empty())
        return {};
    return {{"code", code_or_null(code)}, {"title", title}, {"sentence", text_or_null(sentence)}};
}

ordered_json intent_of(store::IntentRow const& intent)
{
    return {{"id", intent.id.value},
            {"message", intent.message.value},
            {"part", intent.part},
            {"ticket", id_or_null(intent.ticket)},
            {"class", render_message_class(intent.message_class)},
            {"state", render_intent_state(intent.state)},
            {"reason", text_or_null(intent.reason)},
            {"delivery", store::delivery_of({intent})},
            {"attempt_count", intent.attempts},
            {"next_at", intent.state == IntentState::queued || intent.state == IntentState::retry_wait
                            ? time_or_null(intent.next_at)
                            : ordered_json{}},
            {"not_after", is_final(intent.state) ? ordered_json{} : time_or_null(intent.not_after)},
            {"unknown_since", time_or_null(intent.unknown_since)},
            {"external_id", text_or_null(intent.external_id)},
            {"receipt", intent.receipt ? ordered_json(render_receipt_status(*intent.receipt)) : ordered_json{}},
            {"receipt_at", time_or_null(intent.receipt_at)},
            {"failed_at", time_or_null(intent.failed_at)},
            {"error", error_of(intent.error_code, intent.error_title, intent.error_sentence)},
            {"created_at", render_rfc3339(intent.created_at)},
            {"settled_at", time_or_null(intent.settled_at)}};
}

ordered_json attempt_of(store::JournalledAttempt const& attempt)
{
    return {{"n", attempt.n},
            {"begun_at", render_rfc3339(attempt.begun_at)},
            {"ended_at", time_or_null(attempt.ended_at)},
            {"outcome", text_or_null(attempt.outcome)},
            {"settled_by", text_or_null(attempt.settled_by)},
            {"external_id", text_or_null(attempt.external_id)},
            {"error", error_of(attempt.error_code, attempt.error_detail)},
            {"token", attempt.token}};
}

ordered_json price_of(std::optional<Price> const& price)
{
    if (!price)
        return nullptr;
    return {{"cost_class", cost_class(*price)},
            {"billable", price->billable ? ordered_json(*price->billable) : ordered_json{}},
            {"category", price->category},
            {"type", price->type}};
}

ordered_json receipt_of(store::ReceiptRow const& receipt)
{
    return {{"status", receipt.status},
            {"error", error_of(receipt.error_code, receipt.error_title, receipt.error_sentence)},
            {"price", price_of(receipt.price)},
            {"at", render_rfc3339(receipt.provider_at)},
            {"received_at", render_rfc3339(receipt.received_at)}};
}

ordered_json part_of(desk::OutboxPart const& part)
{
    auto json = intent_of(part.intent);
    json["stands"] = part.stands;
    json["behind"] = ordered_json::array();
    for (auto const& other : part.ahead)
        json["behind"].push_back({{"message", other.message.value}, {"part", other.part}, {"state", render_intent_state(other.state)}});
    json["attempts"] = ordered_json::array();
    for (auto const& attempt : part.attempts)
        json["attempts"].push_back(attempt_of(attempt));
    json["receipts"] = ordered_json::array();
    for (auto const& receipt : part.receipts)
        json["receipts"].push_back(receipt_of(receipt));
    return json;
}

ordered_json done_of(desk::DoneBy const& done)
{
    return {{"at", render_rfc3339(done.event.at)},
            {"type", done.event.type},
            {"by", text_or_null(done.who)},
            {"data", parsed_or_null(done.event.data)}};
}

ordered_json page_of(ordered_json next)
{
    bool const more = !next.is_null();
    return {{"next", std::move(next)}, {"has_more", more}};
}

} // namespace

ordered_json shape(desk::OutboxList const& list)
{
    auto lines = ordered_json::array();
    for (auto const& line : list.page.lines) {
        lines.push_back(intent_of(line.intent));
        lines.back()["account"] = line.account_name;
        lines.back()["contact"] = line.contact_name;
    }
    auto paused = ordered_json::array();
    for (auto const& account : list.paused)
        paused.push_back(shape(account));
    auto resting = ordered_json::array();
    for (auto const& account : list.resting)
        resting.push_back({{"account", account.name}, {"reason", render_rest_reason(account.rest.reason)}, {"until", render_rfc3339(account.rest.until)}});
    auto counts = ordered_json::object();
    for (std::size_t i = 0; i < store::OutboxCounts::states.size(); ++i)
        counts[std::string{render_intent_state(store::OutboxCounts::states[i])}] = list.counts.of[i];
    return {{"data", std::move(lines)},
            {"page", page_of(id_or_null(list.page.next))},
            {"counts", std::move(counts)},
            {"oldest_unknown", time_or_null(list.counts.oldest_unknown)},
            {"paused", std::move(paused)},
            {"resting", std::move(resting)}};
}

ordered_json shape(desk::OutboxDetail const& detail)
{
    auto parts = ordered_json::array();
    for (auto const& part : detail.parts)
        parts.push_back(part_of(part));
    auto history = ordered_json::array();
    for (auto const& done : detail.history)
        history.push_back(done_of(done));
    return {{"message", shape(detail.message)},
            {"ticket", id_or_null(detail.ticket)},
            {"account", detail.account_name},
            {"delivery", detail.message.delivery},
            {"reply_window_ends_at", time_or_null(detail.reply_window_ends_at)},
            {"may_have_arrived", detail.may_have_arrived},
            {"parts", std::move(parts)},
            {"history", std::move(history)}};
}

ordered_json shape(store::AccountRow const& account)
{
    return {{"id", account.id.value},
            {"name", account.as.name},
            {"channel", account.as.channel},
            {"number", account.as.number},
            {"configured", account.configured},
            {"health", render_severity(account.health)},
            {"paused", pause_or_null(account.paused)}};
}

ordered_json shape(std::vector<desk::AccountCard> const& accounts)
{
    auto list = ordered_json::array();
    for (auto const& card : accounts) {
        list.push_back(shape(card.account));
        list.back()["costs"] = shape(card.costs);
    }
    return {{"data", std::move(list)}};
}

ordered_json shape(store::ShelfLine const& line)
{
    auto const& entry = line.entry;
    return {{"id", entry.id.value},
            {"journal", entry.journal.value},
            {"hook", line.hook},
            {"account", text_or_null(line.account_name)},
            {"event_key", text_or_null(entry.event_key)},
            {"reason", entry.reason},
            {"detail", entry.detail},
            {"received_at", render_rfc3339(line.received_at)},
            {"shelved_at", render_rfc3339(entry.shelved_at)},
            {"bytes", bytes_or_null(line.bytes)},
            {"resolved_at", time_or_null(entry.resolved_at)},
            {"resolution", text_or_null(entry.resolution)}};
}

ordered_json shape(desk::ShelfPage const& page)
{
    auto list = ordered_json::array();
    for (auto const& line : page.lines)
        list.push_back(shape(line));
    return {{"data", std::move(list)}, {"page", page_of(text_or_null(page.next))}, {"open", page.open}};
}

ordered_json shape(store::JournalRow const& row)
{
    auto const& body = *row.body;
    bool const text = !first_malformed(body) && body.find('\0') == std::string::npos;
    return {{"journal", row.id.value},
            {"hook", row.hook},
            {"received_at", render_rfc3339(row.received_at)},
            {"headers", parsed_or_null(row.headers)},
            {"body", text ? ordered_json(body) : ordered_json{}},
            {"body_base64", text ? ordered_json{} : ordered_json(base64(body))}};
}

ordered_json shape(store::JournalPage const& page)
{
    auto list = ordered_json::array();
    for (auto const& line : page.lines)
        list.push_back({{"journal", line.id.value},
                        {"hook", line.hook},
                        {"received_at", render_rfc3339(line.received_at)},
                        {"bytes", bytes_or_null(line.bytes)}});
    return {{"data", std::move(list)}, {"page", page_of(id_or_null(page.next))}, {"newest", page.newest.value}};
}

ordered_json shape(desk::ReplayAnswer const& answer)
{
    auto const& came = answer.came;
    auto changes = ordered_json::array();
    for (auto const& event : came.changes)
        changes.push_back({{"type", event.type},
                           {"ticket", id_or_null(event.ticket)},
                           {"message", id_or_null(event.message)},
                           {"account", id_or_null(event.account)},
                           {"data", parsed_or_null(event.data)}});
    return {{"journal", answer.journal.value},
            {"dry_run", answer.dry_run},
            {"applied", came.applied},
            {"known", came.known},
            {"shelved", came.shelved},
            {"shelf", {{"before", came.shelf_before}, {"after", came.shelf_after}}},
            {"changes", std::move(changes)},
            {"more_changes", came.more_changes}};
}

ordered_json shape(store::BackupProgress const& progress)
{
    return {{"state", store::render_backup_state(progress.state)},
            {"file", text_or_null(progress.file.string())},
            {"pages_done", progress.pages_done},
            {"pages", progress.pages},
            {"size_bytes", progress.bytes},
            {"reason", text_or_null(progress.reason)}};
}

} // namespace deskbridge::api
