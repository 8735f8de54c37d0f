#include "requests.hpp"

#include "fields.hpp"

#include "deskbridge/core/ascii.hpp"
#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

namespace deskbridge::api {
namespace {

constexpr std::size_t max_file_name = 4096;
constexpr std::size_t max_name = 2000; // bytes; `desk` counts characters, and one may have many

template <class AnyId>
AnyId id_in_path(net::Request const& request)
{
    return AnyId{number_in_path(request)};
}

std::optional<store::AgentRole> role_of(Fields& fields)
{
    auto const word = fields.optional_text("role", max_word);
    auto const role = store::parse_agent_role(word);
    if (!role && !word.empty())
        fields.report("role", "must be agent or administrator");
    return role;
}

void read_statuses(std::string const& list, std::vector<TicketStatus>& into, std::vector<FieldError>& errors)
{
    for (auto const& word : words_of(list)) {
        if (word == "live")
            into.insert(into.end(), {TicketStatus::new_, TicketStatus::open, TicketStatus::pending, TicketStatus::on_hold});
        else if (auto const status = parse_status(word))
            into.push_back(*status);
        else
            errors.push_back({"status", fmt::format("\"{}\" is none of new, open, pending, on_hold, solved, closed, live", word)});
    }
}

} // namespace

bool is_of_other_type(HttpRequest const& request) noexcept
{
    auto const told = request.headers.find("Content-Type").value_or("");
    auto const named = told.substr(0, told.find(';'));
    auto const type = named.substr(0, named.find_last_not_of(" \t") + 1);
    return !request.body.empty() && !told.empty() && !same_word(type, "application/json");
}

void read(net::Request const& request, desk::ListTickets& into, std::vector<FieldError>& errors)
{
    auto const& target = request.http.target;
    auto const order = query_parameter(target, "sort").value_or("activity");
    if (order == "window")
        into.order = desk::TicketOrder::window;
    else if (order != "activity")
        errors.push_back({"sort", fmt::format("\"{}\" is none of activity, window", order)});
    if (auto const statuses = query_parameter(target, "status")) {
        read_statuses(*statuses, into.statuses, errors);
        if (words_of(*statuses).empty())
            errors.push_back({"status", "must name one of new, open, pending, on_hold, solved, closed, live; without it, all are meant"});
    }
    into.assignee = query_parameter(target, "assignee");
    if (into.assignee && into.assignee->empty())
        errors.push_back({"assignee", "must be me, none, or an agent's name or id; without it, everybody is meant"});
    into.after = query_parameter(target, "after").value_or("");
    into.limit = static_cast<int>(whole_number(request, "limit", 50, {1, 200}, errors));
}

void read(net::Request const& request, desk::ShowTicket& into, std::vector<FieldError>& errors)
{
    into.ticket = request.parameters.front();
    into.before = MessageId{whole_number(request, "before", 0, {1, INT64_MAX}, errors)};
    into.limit = static_cast<int>(whole_number(request, "limit", 500, {1, 500}, errors));
    auto const timeline = query_parameter(request.http.target, "timeline").value_or("ticket");
    into.chat = timeline == "chat";
    if (!into.chat && timeline != "ticket")
        errors.push_back({"timeline", fmt::format("\"{}\" is none of ticket, chat", timeline)});
}

void read(net::Request const&, desk::ListAgents&, std::vector<FieldError>&) {}

void read(net::Request const& request, desk::AddAgent& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.agent.name = fields.text("name", max_name);
    auto const user = fields.optional_text("unix_user", max_word);
    if (!user.empty())
        into.agent.unix_user = user;
    into.agent.role = role_of(fields).value_or(store::AgentRole::agent);
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::ChangeAgent& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.agent = id_in_path<AgentId>(request);
    into.change.role = role_of(fields);
    if (fields.has("unix_user")) {
        auto const user = fields.nullable_text("unix_user", max_word);
        if (user && user->empty())
            fields.report("unix_user", "must be a name, or null: nobody");
        into.change.unix_user = user.value_or("");
    }
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::Reply& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.ticket = request.parameters.front();
    into.attachments = fields.optional_ids("attachments");
    into.ask_number = fields.optional_flag("ask_number");
    into.text = into.attachments.empty() ? fields.text("text", max_text) : fields.optional_text("text", max_text);
    into.quote = MessageId{fields.optional_id("quote")};
    into.client_key = idempotency_key(request, errors);
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::BringFile& into, std::vector<FieldError>& errors)
{
    into.file_name = query_parameter(request.http.target, "file_name").value_or("");
    if (into.file_name.size() > max_file_name)
        errors.push_back({"file_name", fmt::format("is longer than {} bytes", max_file_name)});
    if (first_malformed(into.file_name))
        errors.push_back({"file_name", "is not UTF-8"});
    into.client_key = idempotency_key(request, errors);
}

void read(net::Request const& request, desk::Note& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.ticket = request.parameters.front();
    into.text = fields.text("text", max_text);
    into.client_key = idempotency_key(request, errors);
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::Assign& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.ticket = request.parameters.front();
    into.assignee = fields.nullable_text("assignee", max_word);
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::SetStatus& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.ticket = request.parameters.front();
    auto const word = fields.text("status", max_word);
    if (auto const status = parse_status(word))
        into.status = *status;
    else if (!word.empty())
        fields.report("status", "must be open, pending, on_hold, solved or closed");
    into.summary = fields.optional_text("summary", 4000);
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::Merge& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.ticket = request.parameters.front();
    into.into = fields.text("into", max_word);
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::Split& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.ticket = request.parameters.front();
    for (auto const id : fields.ids("messages"))
        into.messages.push_back({id});
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::EnableAgent& into, std::vector<FieldError>& errors)
{
    into.agent = id_in_path<AgentId>(request);
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::DisableAgent& into, std::vector<FieldError>& errors)
{
    into.agent = id_in_path<AgentId>(request);
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::MarkSeen& into, std::vector<FieldError>& errors)
{
    into.ticket = request.parameters.front();
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::Cancel& into, std::vector<FieldError>& errors)
{
    into.message = id_in_path<MessageId>(request);
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::Retry& into, std::vector<FieldError>& errors)
{
    into.message = id_in_path<MessageId>(request);
    if (request.http.body.empty())
        return;
    Fields fields{request.http.body};
    into.confirm_duplicate = fields.optional_flag("confirm_duplicate");
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::OpenAttachment& into, std::vector<FieldError>&)
{
    into.attachment = number_in_path(request);
}

void read(net::Request const& request, desk::RetryAttachment& into, std::vector<FieldError>& errors)
{
    into.attachment = number_in_path(request);
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::Keep& into, std::vector<FieldError>& errors)
{
    into.message = id_in_path<MessageId>(request);
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::UndoPlacement& into, std::vector<FieldError>& errors)
{
    into.message = id_in_path<MessageId>(request);
    read_nothing(request, errors);
}

void read(net::Request const& request, desk::Resolve& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.message = id_in_path<MessageId>(request);
    auto const word = fields.text("verdict", max_word);
    if (word == "sent")
        into.verdict = store::Verdict::sent;
    else if (word == "not_sent")
        into.verdict = store::Verdict::not_sent;
    else if (word == "resend")
        into.verdict = store::Verdict::resend;
    else if (!word.empty())
        fields.report("verdict", "must be sent, not_sent or resend");
    take_errors(fields, errors);
}

void read(net::Request const& request, desk::MoveMessage& into, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    into.message = id_in_path<MessageId>(request);
    into.to = fields.text("to", max_word);
    take_errors(fields, errors);
}

} // namespace deskbridge::api
