#include "deskbridge/api/api.hpp"

#include "bring.hpp"
#include "event_stream.hpp"
#include "fields.hpp"
#include "peer.hpp"
#include "requests.hpp"
#include "shapes.hpp"

#include "deskbridge/api/content.hpp"

#include <unistd.h>

#include <charconv>
#include <utility>

namespace deskbridge::api {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_body = 256u << 10;

HttpResponse json_response(int status, std::string body)
{
    HttpResponse response;
    response.status = status;
    response.headers.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

/// Who asks: on the control socket the peer's Unix user; elsewhere nobody. Root is administrator, and so is the user that
/// the daemon runs as: the database is that user's own.
asio::awaitable<Result<desk::Caller>> identify(Api::Parts const& parts, std::uint32_t uid)
{
    auto look_up = [uid] { return unix_user_name(uid).value_or(std::to_string(uid)); };
    auto const user = co_await parts.pool.run(look_up);
    co_return co_await parts.desk.identify(user, uid == 0 || uid == ::geteuid());
}

/// What a route does in the name of a caller who may have it done.
using Work = std::function<asio::awaitable<net::Reply>(desk::Caller const&, net::Request&)>;

asio::awaitable<net::Reply> guard(Api::Parts const& parts, desk::Rule rule, Work const& work, net::Request& request)
{
    if (!request.peer_uid)
        co_return net::Reply{unauthenticated()};
    auto const caller = co_await identify(parts, *request.peer_uid);
    if (!caller)
        co_return net::Reply{problem_of(caller.error())};
    if (!desk::may(caller->role, rule))
        co_return net::Reply{problem_of(Error{Fault::forbidden, "only an administrator may do this"})};
    co_return co_await work(*caller, request);
}

asio::awaitable<bool> still_may(Api::Parts parts, std::uint32_t uid, desk::Rule rule)
{
    auto const caller = co_await identify(parts, uid);
    co_return caller && desk::may(caller->role, rule);
}

/// The only way a route comes into being here: without a rule it does not compile, and nobody reaches `work` past it.
net::Route guarded(Api::Parts const& parts, desk::Rule rule, std::string method, std::string pattern, Work work)
{
    auto const body = method == "GET" ? 0 : max_body;
    auto handler = [&parts, rule, work = std::move(work)](net::Request& request) { return guard(parts, rule, work, request); };
    return net::Route{std::move(method), std::move(pattern), std::move(handler), body};
}

template <desk::UseCase UseCase>
asio::awaitable<net::Reply> perform(desk::Desk& desk, desk::Caller const& caller, net::Request& request, int status)
{
    if (is_of_other_type(request.http))
        co_return net::Reply{other_media_type(request.http.headers.find("Content-Type").value_or(""))};
    UseCase wanted{};
    std::vector<FieldError> errors;
    check_parameters(request, parameters_of<UseCase>, errors);
    read(request, wanted, errors);
    if (!errors.empty())
        co_return net::Reply{invalid_fields(errors)};
    auto const answer = co_await desk.perform(caller, wanted);
    if (!answer)
        co_return net::Reply{problem_of(answer.error())};
    co_return net::Reply{json_response(status, dump(shape(*answer)))};
}

/// A use case brings its rule.
template <desk::UseCase UseCase>
net::Route route(Api::Parts const& parts, std::string method, std::string pattern, int status = 200)
{
    auto work = [&desk = parts.desk, status](desk::Caller const& caller, net::Request& request) {
        return perform<UseCase>(desk, caller, request, status);
    };
    return guarded(parts, UseCase::rule, std::move(method), std::move(pattern), std::move(work));
}

asio::awaitable<net::Reply> who_am_i(desk::Caller const& caller)
{
    nlohmann::ordered_json const body{
        {"id", caller.agent.value}, {"name", caller.name}, {"role", store::render_agent_role(caller.role)}};
    co_return net::Reply{json_response(200, dump(body))};
}

std::set<std::int64_t> ticket_numbers(net::Request const& request, std::vector<FieldError>& errors)
{
    std::set<std::int64_t> numbers;
    for (auto const& word : words_of(query_parameter(request.http.target, "tickets").value_or(""))) {
        std::int64_t number = 0;
        auto const [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (failed != std::errc{} || end != word.data() + word.size())
            errors.push_back({"tickets", "must be ticket numbers, separated by commas"});
        numbers.insert(number);
    }
    return numbers;
}

/// Where a client wants to go on: what it says itself, or the last event that its EventSource saw (it says so when it
/// reconnects); -1: from now on.
std::int64_t resume_point(net::Request const& request, std::vector<FieldError>& errors)
{
    auto const asked = whole_number(request, "after", -1, {0, INT64_MAX}, errors);
    auto const seen = request.http.headers.find("Last-Event-ID");
    if (!seen || seen->empty())
        return asked;
    std::int64_t last = 0;
    auto const [end, failed] = std::from_chars(seen->data(), seen->data() + seen->size(), last);
    if (failed == std::errc{} && end == seen->data() + seen->size() && last >= 0)
        return last;
    errors.push_back({"Last-Event-ID", "must be the id of an event"});
    return asked;
}

/// Agents may follow the whole log: it holds ids and states, nobody's words.
constexpr auto follow_rule = desk::Rule::any_agent;
constexpr std::array<std::string_view, 3> event_parameters{"tickets", "after", "limit"};

asio::awaitable<net::Reply> events(Api::Parts const& parts, std::shared_ptr<Api::Streams> const& streams, net::Request& request)
{
    std::vector<FieldError> errors;
    Following following;
    check_parameters(request, event_parameters, errors);
    following.tickets = ticket_numbers(request, errors);
    following.after = EventSeq{resume_point(request, errors)};
    auto const limit = static_cast<int>(whole_number(request, "limit", 200, {1, 1000}, errors));
    if (!errors.empty())
        co_return net::Reply{invalid_fields(errors)};
    auto const head = co_await head_of(parts.store);
    if (!head)
        co_return net::Reply{problem_of(head.error())};
    if (following.after.value < 0)
        following.after = *head;
    if (following.after > *head)
        co_return net::Reply{beyond_head(following.after.value, head->value)};
    if (request.http.headers.find("Accept").value_or("").find("text/event-stream") == std::string_view::npos) {
        auto body = co_await poll_events(parts.store, following, limit);
        if (!body)
            co_return net::Reply{problem_of(body.error())};
        co_return net::Reply{json_response(200, std::move(*body))};
    }
    HttpResponse stream;
    stream.headers.add("Content-Type", "text/event-stream");
    stream.headers.add("X-Accel-Buffering", "no");
    auto standing = [parts, uid = *request.peer_uid] { return still_may(parts, uid, follow_rule); };
    co_return net::Reply{std::move(stream), stream_events({parts.io, parts.store, parts.clock}, streams, std::move(following), std::move(standing))};
}

asio::awaitable<net::Reply> content(Api::Parts const& parts, desk::Caller const& caller, net::Request& request)
{
    desk::OpenAttachment wanted;
    std::vector<FieldError> errors;
    read(request, wanted, errors);
    auto const attachment = co_await parts.desk.perform(caller, wanted);
    if (!attachment)
        co_return net::Reply{problem_of(attachment.error())};
    if (!parts.media || !parts.media_pool)
        co_return net::Reply{problem_of(Error{Fault::unavailable, "files are not served here"})};
    co_return co_await content_of(*attachment, *parts.media, *parts.media_pool);
}

/// Who may bring a file is asked before a byte of it is read, and again when it has come.
asio::awaitable<std::variant<HttpResponse, std::shared_ptr<net::BodySink>>> admit_file(Api::Parts const& parts,
                                                                                       net::Request const& request)
{
    if (!request.peer_uid)
        co_return unauthenticated();
    auto const caller = co_await identify(parts, *request.peer_uid);
    if (!caller)
        co_return problem_of(caller.error());
    if (!desk::may(caller->role, desk::BringFile::rule))
        co_return problem_of(Error{Fault::forbidden, "only an administrator may do this"});
    co_return co_await find_place(parts, request);
}

net::Route bring_route(Api::Parts const& parts)
{
    auto work = [&parts](desk::Caller const& caller, net::Request& request) { return bring(parts, caller, request); };
    auto route = guarded(parts, desk::BringFile::rule, "POST", "/v1/attachments", work);
    route.max_body = static_cast<std::size_t>(parts.max_file_bytes);
    route.receiver = [&parts](net::Request const& request) { return admit_file(parts, request); };
    route.body_limit = std::chrono::minutes{15};
    return route;
}

void add_attachments(Api::Parts const& parts, std::vector<net::Route>& routes)
{
    routes.push_back(bring_route(parts));
    routes.push_back(route<desk::RetryAttachment>(parts, "POST", "/v1/attachments/{attachment}/retry", 202));
    auto read_it = [&parts](desk::Caller const& caller, net::Request& request) { return content(parts, caller, request); };
    routes.push_back(guarded(parts, desk::OpenAttachment::rule, "GET", "/v1/attachments/{attachment}/content", read_it));
}

/// What operators look at and do: outbox, accounts, shelf, journal, backups.
void add_operations(Api::Parts const& parts, std::vector<net::Route>& routes)
{
    routes.push_back(route<desk::ListOutbox>(parts, "GET", "/v1/outbox"));
    routes.push_back(route<desk::ShowOutbox>(parts, "GET", "/v1/outbox/{message}"));
    routes.push_back(route<desk::ListAccounts>(parts, "GET", "/v1/accounts"));
    routes.push_back(route<desk::PauseAccount>(parts, "POST", "/v1/accounts/{account}/pause"));
    routes.push_back(route<desk::ResumeAccount>(parts, "POST", "/v1/accounts/{account}/resume"));
    routes.push_back(route<desk::ShowHealth>(parts, "GET", "/v1/accounts/{account}/health"));
    routes.push_back(route<desk::VerifyAccount>(parts, "POST", "/v1/accounts/{account}/verify", 202));
    routes.push_back(route<desk::TestAccount>(parts, "POST", "/v1/accounts/{account}/test", 202));
    routes.push_back(route<desk::ListTemplates>(parts, "GET", "/v1/accounts/{account}/templates"));
    routes.push_back(route<desk::ShowTemplate>(parts, "GET", "/v1/accounts/{account}/templates/{template}"));
    routes.push_back(route<desk::SyncTemplates>(parts, "POST", "/v1/accounts/{account}/sync-templates", 202));
    routes.push_back(route<desk::ListShelf>(parts, "GET", "/v1/shelf"));
    routes.push_back(route<desk::ShowShelfEntry>(parts, "GET", "/v1/shelf/{entry}"));
    routes.push_back(route<desk::ReadShelfBody>(parts, "GET", "/v1/shelf/{entry}/body"));
    routes.push_back(route<desk::ReplayShelf>(parts, "POST", "/v1/shelf/{entry}/replay"));
    routes.push_back(route<desk::DropShelf>(parts, "POST", "/v1/shelf/{entry}/drop"));
    routes.push_back(route<desk::ListJournal>(parts, "GET", "/v1/journal"));
    routes.push_back(route<desk::ReplayJournal>(parts, "POST", "/v1/journal/{journal}/replay"));
    routes.push_back(route<desk::BackUp>(parts, "POST", "/v1/backups", 202));
    routes.push_back(route<desk::ShowBackup>(parts, "GET", "/v1/backups/latest"));
}

} // namespace

Api::Api(Parts parts) : parts_{parts}, streams_{std::make_shared<Streams>()} {}

Api::~Api() = default;

void Api::on_events()
{
    for (auto* bell : streams_->bells)
        bell->ring();
}

std::vector<net::Route> Api::routes()
{
    std::vector<net::Route> routes;
    auto me = [](desk::Caller const& caller, net::Request&) { return who_am_i(caller); };
    routes.push_back(guarded(parts_, desk::Rule::any_agent, "GET", "/v1/me", me));
    auto follow = [this](desk::Caller const&, net::Request& request) { return events(parts_, streams_, request); };
    routes.push_back(guarded(parts_, follow_rule, "GET", "/v1/events", follow));
    routes.push_back(route<desk::ListAgents>(parts_, "GET", "/v1/agents"));
    routes.push_back(route<desk::AddAgent>(parts_, "POST", "/v1/agents", 201));
    routes.push_back(route<desk::ChangeAgent>(parts_, "POST", "/v1/agents/{agent}"));
    routes.push_back(route<desk::EnableAgent>(parts_, "POST", "/v1/agents/{agent}/enable"));
    routes.push_back(route<desk::DisableAgent>(parts_, "POST", "/v1/agents/{agent}/disable"));
    routes.push_back(route<desk::ListTickets>(parts_, "GET", "/v1/tickets"));
    routes.push_back(route<desk::ShowTicket>(parts_, "GET", "/v1/tickets/{ticket}"));
    routes.push_back(route<desk::ListContacts>(parts_, "GET", "/v1/contacts"));
    routes.push_back(route<desk::ShowContact>(parts_, "GET", "/v1/contacts/{contact}"));
    routes.push_back(route<desk::Reply>(parts_, "POST", "/v1/tickets/{ticket}/messages", 202));
    routes.push_back(route<desk::SendTemplate>(parts_, "POST", "/v1/tickets/{ticket}/templates", 202));
    routes.push_back(route<desk::Note>(parts_, "POST", "/v1/tickets/{ticket}/notes", 201));
    routes.push_back(route<desk::Assign>(parts_, "POST", "/v1/tickets/{ticket}/assign"));
    routes.push_back(route<desk::SetStatus>(parts_, "POST", "/v1/tickets/{ticket}/status"));
    routes.push_back(route<desk::Merge>(parts_, "POST", "/v1/tickets/{ticket}/merge"));
    routes.push_back(route<desk::Split>(parts_, "POST", "/v1/tickets/{ticket}/split", 201));
    routes.push_back(route<desk::MarkSeen>(parts_, "POST", "/v1/tickets/{ticket}/seen"));
    routes.push_back(route<desk::Cancel>(parts_, "POST", "/v1/messages/{message}/cancel"));
    routes.push_back(route<desk::Retry>(parts_, "POST", "/v1/messages/{message}/retry", 202));
    routes.push_back(route<desk::Resolve>(parts_, "POST", "/v1/messages/{message}/resolve"));
    routes.push_back(route<desk::Keep>(parts_, "POST", "/v1/messages/{message}/keep"));
    routes.push_back(route<desk::MoveMessage>(parts_, "POST", "/v1/messages/{message}/move"));
    routes.push_back(route<desk::UndoPlacement>(parts_, "POST", "/v1/messages/{message}/undo"));
    add_attachments(parts_, routes);
    add_operations(parts_, routes);
    return routes;
}

} // namespace deskbridge::api
