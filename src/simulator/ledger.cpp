#include "ledger.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

constexpr std::size_t kept_rows = 4000;

Webhook webhook_from(Json const& row)
{
    Webhook hook;
    hook.id = static_cast<std::uint64_t>(int_at(row, {"webhook"}).value_or(0));
    hook.number = text_at(row, {"number"}).value_or("");
    hook.body = text_at(row, {"body"}).value_or("");
    for (auto const& id : items(at(row, {"message_ids"})))
        if (id.is_string())
            hook.message_ids.push_back(id.get<std::string>());
    hook.signature = text_at(row, {"signature"}).value_or("");
    hook.forged = bool_at(row, {"forged"}).value_or(false);
    hook.first = from_ms(int_at(row, {"first_ms"}).value_or(0));
    return hook;
}

} // namespace

Result<void> Ledger::open(std::filesystem::path const& path, bool sync)
{
    auto const each = [this](Json const& row) { read(row); };
    auto file = LineFile::open(path, sync, each);
    if (!file)
        return file.error();
    file_.emplace(std::move(*file));
    return {};
}

void Ledger::read(Json const& row)
{
    auto const kind = text_at(row, {"kind"}).value_or("");
    last_seq_ = std::max(last_seq_, int_at(row, {"seq"}).value_or(0));
    auto const id = static_cast<std::uint64_t>(int_at(row, {"webhook"}).value_or(0));
    last_webhook_ = std::max(last_webhook_, id);
    if (kind == "webhook") {
        unfinished_.insert_or_assign(id, webhook_from(row));
    } else if (kind == "webhook_done") {
        unfinished_.erase(id);
    } else if (auto const hook = unfinished_.find(id); kind == "attempt" && hook != unfinished_.end()) {
        ++hook->second.failures;
    }
    keep(row);
}

void Ledger::keep(Json row)
{
    recent_.push_back(std::move(row));
    if (recent_.size() > kept_rows)
        recent_.pop_front();
}

void Ledger::add(std::string_view kind, Timestamp now, Json row)
{
    row["seq"] = ++last_seq_;
    row["at"] = render_rfc3339(now);
    row["kind"] = kind;
    if (file_)
        file_->append(row);
    keep(std::move(row));
}

void Ledger::made(Webhook const& hook)
{
    Json row{{"webhook", hook.id}, {"body", hook.body}, {"message_ids", hook.message_ids}, {"first_ms", to_ms(hook.first)}};
    if (!hook.number.empty())
        row["number"] = hook.number;
    if (hook.forged) {
        row["forged"] = true;
        row["signature"] = hook.signature;
    }
    add("webhook", hook.first, std::move(row));
}

void Ledger::done(std::uint64_t webhook_id, Timestamp now, bool taken)
{
    add("webhook_done", now, Json{{"webhook", webhook_id}, {"taken", taken}});
}

std::vector<Webhook> Ledger::unfinished()
{
    std::vector<Webhook> hooks;
    for (auto& [id, hook] : unfinished_)
        hooks.push_back(std::move(hook));
    unfinished_.clear();
    return hooks;
}

Json Ledger::rows(std::int64_t after_seq, std::size_t limit) const
{
    auto out = Json::array();
    for (auto const& row : recent_) {
        if (int_at(row, {"seq"}).value_or(0) <= after_seq)
            continue;
        out.push_back(row);
        if (out.size() >= limit)
            break;
    }
    return out;
}

} // namespace deskbridge::simulator
