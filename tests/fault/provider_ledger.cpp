#include "provider_ledger.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace fault {

using nlohmann::json;

namespace {

/// Message and status of each in a webhook's body.
std::vector<std::pair<std::string, std::string>> statuses_in(std::string const& body)
{
    std::vector<std::pair<std::string, std::string>> found;
    auto const doc = json::parse(body, nullptr, false);
    if (!doc.is_object())
        return found;
    for (auto const& entry : doc.at("entry"))
        for (auto const& change : entry.at("changes"))
            for (auto const& status : change.at("value").value("statuses", json::array()))
                found.emplace_back(status.at("id").get<std::string>(), status.at("status").get<std::string>());
    return found;
}

} // namespace

void ProviderLedger::read_on()
{
    std::ifstream in{file_, std::ios::binary};
    in.seekg(read_);
    for (std::string line; std::getline(in, line) && !in.eof(); read_ = in.tellg())
        read_line(line);
}

void ProviderLedger::read_line(std::string const& line)
{
    auto const row = json::parse(line);
    auto const kind = row.value("kind", "");
    if (kind == "webhook") {
        on_their_way_[row.at("webhook").get<long>()] = statuses_in(row.value("body", ""));
    } else if (kind == "webhook_done" && row.value("taken", false)) {
        for (auto const& [id, status] : on_their_way_[row.at("webhook").get<long>()]) {
            told_[id].insert(status);
            strangers += ids_.contains(id) ? 0 : 1;
        }
    } else if (kind == "request") {
        if (row.contains("mishap"))
            ++struck[row.at("mishap").get<std::string>() + (row.value("verdict", "") == "taken" ? ", taken" : "")];
        if (!row.contains("message_id"))
            return;
        auto const& body = row.at("body");
        Sent sent{row.at("message_id").get<std::string>(), body.value("biz_opaque_callback_data", ""), {}};
        if (body.contains("text"))
            sent.text = body.at("text").value("body", "");
        ids_.insert(sent.id);
        ++texts_[sent.text];
        sends.push_back(std::move(sent));
    }
}

int ProviderLedger::times(std::string const& text) const
{
    auto const found = texts_.find(text);
    return found == texts_.end() ? 0 : found->second;
}

std::set<std::string> ProviderLedger::told(std::string const& id) const
{
    auto const found = told_.find(id);
    return found == told_.end() ? std::set<std::string>{} : found->second;
}

} // namespace fault
