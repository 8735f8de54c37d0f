#include "requests.hpp"

#include "fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace deskbridge::api {
namespace {

constexpr std::size_t max_reason = 4000; // bytes; `desk` counts characters
constexpr std::size_t max_path = 4096;   // PATH_MAX

/// Of which something is still expected, or wanted from somebody.
constexpr std::array open_states{IntentState::held,       IntentState::unknown, IntentState::kept,
                                 IntentState::retry_wait, IntentState::queued,  IntentState::claimed};
constexpr std::array settled_states{IntentState::accepted, IntentState::refused, IntentState::expired, IntentState::cancelled};

void add_state(IntentState state, desk::ListOutbox& into)
{
    into.states.push_back(state);
    into.open = into.open && !is_final(state);
}

void read_state(std::string const& word, desk::ListOutbox& into, std::vector<FieldError>& errors)
{
    auto const state = parse_intent_state(word);
    auto const receipt = parse_receipt_status(word);
    if (word == "open")
        into.states.insert(into.states.end(), open_states.begin(), open_states.end());
    else if (word == "failed")
        into.failed = true;
    else if (word == "dead")
        for (auto const dead : {IntentState::refused, IntentState::expired})
            add_state(dead, into);
    else if (word == "all")
        for (auto const any : settled_states)
            add_state(any, into);
    else if (state)
        add_state(*state, into);
    else if (receipt)
        into.receipts.push_back(*receipt);
    else
        errors.push_back({"state", fmt::format("\"{}\" is none of open, dead, failed, all, held, unknown, kept, retry_wait, queued, "
                                               "claimed, accepted, sent, delivered, read, played, refused, expired, cancelled", word)});
    if (word == "all")
        into.states.insert(into.states.end(), open_states.begin(), open_states.end());
    if (word == "dead")
        into.failed = true;
}

template <class Word>
void without_repetitions(std::vector<Word>& words)
{
    std::vector<Word> once;
    for (auto const word : words)
        if (std::find(once.begin(), once.end(), word) == once.end())
            once.push_back(word);
    words = std::move(once);
}

void read_reason(net::Request const& request, std::string& reason, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    reason = fields.text("reason", max_reason);
    take_errors(fields, errors);
}

void read_dry_run(net::Request const& request, bool& dry_run, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    dry_run = fields.optional_flag("dry_run");
    take_errors(fields, errors);
}

} // namespace

void read(net::Request const& request, desk::ListOutbox& into, std::vector<FieldError>& errors)
{
    auto const& target = request.http.target;
    auto const words = words_of(query_parameter(target, "state").value_or("open"));
    for (auto const& word : words)
        read_state(word, into, errors);
    into.open = into.open && !into.failed && into.receipts.empty();
    without_repetitions(into.states);
    without_repetitions(into.receipts);
    into.account = query_parameter(target, "account").value_or("");
    into.before = IntentId{whole_number(request, "after", 0, {1, INT64_MAX}, errors)};
    into.limit = static_cast<int>(whole_number(request, "limit", 50, {1, 200}, errors));
}

void read(net::Request const& request, desk::ShowOutbox& into, std::vector<FieldError>&)
{
    into.message = {number_in_path(request)};
}

void read(net::Request const&, desk::ListAccounts&, std::vector<FieldError>&) {}

void read(net::Request const& request, desk::PauseAccount& into, std::vector<FieldError>& errors)
{
    into.account = request.parameters.front();
    read_reason(request, into.reason, errors);
}

void read(net::Request const& request, desk::ResumeAccount& into, std::vector<FieldError>& errors)
{
    into.account = request.parameters.front();
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::ListShelf& into, std::vector<FieldError>& errors)
{
    auto const& target = request.http.target;
    auto const state = query_parameter(target, "state").value_or("open");
    if (state != "open" && state != "all")
        errors.push_back({"state", "must be open or all"});
    into.resolved = state == "all";
    into.reason = query_parameter(target, "reason").value_or("");
    if (!into.reason.empty() && !store::parse_shelf_reason(into.reason))
        errors.push_back({"reason", fmt::format("\"{}\" is none of unreadable, unknown_account, effect_failed, foreign_object", into.reason)});
    into.account = query_parameter(target, "account").value_or("");
    into.after = query_parameter(target, "after").value_or("");
    into.limit = static_cast<int>(whole_number(request, "limit", 50, {1, 200}, errors));
}

void read(net::Request const& request, desk::ShowShelfEntry& into, std::vector<FieldError>&)
{
    into.entry = {number_in_path(request)};
}

void read(net::Request const& request, desk::ReadShelfBody& into, std::vector<FieldError>&)
{
    into.entry = {number_in_path(request)};
}

void read(net::Request const& request, desk::ReplayShelf& into, std::vector<FieldError>& errors)
{
    into.entry = {number_in_path(request)};
    read_dry_run(request, into.dry_run, errors);
}

void read(net::Request const& request, desk::DropShelf& into, std::vector<FieldError>& errors)
{
    into.entry = {number_in_path(request)};
    read_reason(request, into.reason, errors);
}

void read(net::Request const& request, desk::ListJournal& into, std::vector<FieldError>& errors)
{
    into.account = query_parameter(request.http.target, "account").value_or("");
    into.from = moment(request, "since", errors);
    into.to = moment(request, "until", errors);
    if (into.from && into.to && *into.from >= *into.to)
        errors.push_back({"until", "must be later than since: nothing was received in between"});
    into.after = {whole_number(request, "after", 0, {0, INT64_MAX}, errors)};
    into.limit = static_cast<int>(whole_number(request, "limit", 100, {1, 500}, errors));
}

void read(net::Request const& request, desk::ReplayJournal& into, std::vector<FieldError>& errors)
{
    into.journal = {number_in_path(request)};
    read_dry_run(request, into.dry_run, errors);
}

void read(net::Request const& request, desk::BackUp& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.file = fields.text("file", max_path);
    into.replace = fields.optional_flag("replace");
    take_errors(fields, errors);
}

void read(net::Request const&, desk::ShowBackup&, std::vector<FieldError>&) {}

} // namespace deskbridge::api
