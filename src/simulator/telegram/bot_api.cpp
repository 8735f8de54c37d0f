#include "telegram/bot_api.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

namespace deskbridge::simulator::telegram {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Kind = BotFault::Kind;

namespace {

constexpr std::size_t max_call = 52u << 20; // a file of 50 MB, and room for the form around it

bool same_text(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

void BotApi::add_routes(std::vector<net::Route>& routes)
{
    for (auto const* const method : {"GET", "POST"})
        routes.push_back({method, "/telegram/{bot}/{method}", [this](net::Request& r) { return serve(r); }, max_call});
    auto fetch = [this](net::Request& request) -> asio::awaitable<net::Reply> { co_return download(request); };
    routes.push_back({"GET", "/telegram/file/{bot}/{path*}", std::move(fetch)});
}

BotApi::Method BotApi::find_method(std::string_view name) noexcept
{
    struct Row {
        std::string_view name;
        Method method;
    };
    static constexpr std::array<Row, 12> rows{{{"getMe", &BotApi::tell_bot},
                                               {"setWebhook", &BotApi::set_webhook},
                                               {"deleteWebhook", &BotApi::delete_webhook},
                                               {"getWebhookInfo", &BotApi::tell_webhook},
                                               {"getChat", &BotApi::tell_chat},
                                               {"getFile", &BotApi::tell_file},
                                               {"answerCallbackQuery", &BotApi::answer_tap},
                                               {"sendChatAction", &BotApi::show_action},
                                               {"readBusinessMessage", &BotApi::mark_read},
                                               {"editMessageText", &BotApi::edit_text},
                                               {"deleteMessage", &BotApi::delete_message},
                                               {"sendMessage", &BotApi::send_text}}};
    auto const* found = std::find_if(rows.begin(), rows.end(), [&](Row const& row) { return row.name == name; });
    return found == rows.end() ? nullptr : found->method;
}

std::optional<BotError> BotApi::check_bot(std::string_view segment) const
{
    constexpr std::string_view prefix = "bot";
    auto const token = segment.starts_with(prefix) ? segment.substr(prefix.size()) : std::string_view{};
    if (bot_id_of(token) == 0)
        return BotError{404, "Not Found", {}};
    return same_text(token, world_.token()) ? std::nullopt : std::optional{BotError{401, "Unauthorized", {}}};
}

asio::awaitable<net::Reply> BotApi::serve(net::Request& request)
{
    auto const& method = request.parameters[1];
    auto const refused = check_bot(request.parameters[0]);
    auto const read = refused ? std::variant<Parameters, BotError>{*refused} : Parameters::read(request.http);
    if (auto const* error = std::get_if<BotError>(&read)) {
        Answer const refusal{*error};
        write_row("http", method, nullptr, &refusal, nullptr);
        co_return net::Reply{response_of(refusal)};
    }
    auto const& parameters = std::get<Parameters>(read);
    auto const fault = world_.faults.next(method, parameters);
    std::optional<Answer> came_to;
    if (!fault || fault->taken())
        came_to = co_await answer(method, parameters);
    write_row("http", method, parameters.row(), came_to ? &*came_to : nullptr, fault ? &*fault : nullptr);
    HttpResponse response;
    if (came_to)
        response = response_of(*came_to);
    if (fault)
        co_return co_await strike(*fault, std::move(response));
    co_return net::Reply{std::move(response)};
}

asio::awaitable<net::Reply> BotApi::strike(BotFault const& fault, HttpResponse otherwise)
{
    net::Reply reply;
    switch (fault.kind) {
    case Kind::hang:
        co_await world_.house.closing.async_wait(asio::as_tuple(asio::use_awaitable));
        reply.drop = true;
        break;
    case Kind::reset: reply.drop = true; break;
    case Kind::html_502:
        reply.head.status = 502;
        reply.head.headers.add("Content-Type", "text/html");
        reply.head.body = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";
        break;
    case Kind::empty_200: break;
    case Kind::slow:
        co_await world_.house.clock.sleep_until(world_.house.clock.now() + fault.delay);
        reply.head = std::move(otherwise);
        break;
    case Kind::throttle_429:
    case Kind::error: reply.head = response_of(Answer{fault.error}); break;
    }
    co_return reply;
}

asio::awaitable<Answer> BotApi::answer(std::string const& method, Parameters const& parameters)
{
    if (method == "getUpdates" && world_.healthy())
        co_return co_await updates_.fetch(parameters);
    co_return call(method, parameters);
}

Answer BotApi::call(std::string const& method, Parameters const& parameters)
{
    if (!world_.healthy())
        return BotError{500, "Internal Server Error: the simulator cannot write its state folder", {}};
    if (auto const* form = find_form(method))
        return send_file(*form, parameters);
    auto const found = find_method(method);
    return found ? (this->*found)(parameters) : Answer{BotError{404, "Not Found: method not found", {}}};
}

void BotApi::call_in_answer(Json const& body)
{
    auto const method = text_at(body, {"method"}).value_or("");
    auto given = body;
    given.erase("method");
    auto const parameters = Parameters::of_object(given);
    auto const came_to = call(method, parameters);
    write_row("webhook_answer", method, parameters.row(), &came_to, nullptr);
}

void BotApi::write_row(std::string_view via, std::string const& method, Json parameters, Answer const* came_to, BotFault const* fault)
{
    Json row{{"method", method}, {"via", via}, {"parameters", std::move(parameters)}, {"verdict", came_to ? "taken" : "not_taken"}};
    int code = 0;
    if (auto const* error = came_to ? std::get_if<BotError>(came_to) : nullptr) {
        code = error->code;
        row["verdict"] = "refused";
        row["code"] = code;
        row["description"] = error->description;
    } else if (auto const* done = came_to ? std::get_if<Done>(came_to) : nullptr) {
        if (auto const message = int_at(done->result, {"message_id"}))
            row["message_id"] = *message;
    }
    if (fault)
        row["mishap"] = name_of(fault->kind);
    world_.house.log.debug("bot_api_call", {{"outcome", row["verdict"].get<std::string>()}, {"code", code}});
    world_.ledger.add("call", world_.house.clock.now(), std::move(row));
}

net::Reply BotApi::download(net::Request const& request)
{
    auto const link = links_.find(request.parameters[1]);
    auto const refused = check_bot(request.parameters[0]);
    auto const* file = refused || link == links_.end() || link->second <= world_.now() ? nullptr : world_.book.find_file_at(link->first);
    auto bytes = file ? world_.bytes_of(*file) : std::nullopt;
    if (!bytes)
        return net::Reply{response_of(refused.value_or(BotError{404, "Not Found", {}}))};
    HttpResponse response;
    response.headers.add("Content-Type", "application/octet-stream");
    response.body = std::move(*bytes);
    return net::Reply{std::move(response)};
}

} // namespace deskbridge::simulator::telegram
