#include "control_api.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t shown_messages = 400;

Json countries_json()
{
    auto out = Json::array();
    for (auto const& country : countries())
        out.push_back(Json{{"code", country.code}, {"name", country.name}, {"language", country.language}});
    return out;
}

/// Types that a browser shows without running anything in them.
bool shown_inline(std::string_view mime_type)
{
    constexpr std::array<std::string_view, 10> types{"image/jpeg", "image/png", "image/gif",  "image/webp", "audio/ogg",
                                                     "audio/mpeg", "audio/mp4", "audio/webm", "video/mp4",  "audio/wav"};
    auto const plain = mime_type.substr(0, mime_type.find(';'));
    return std::find(types.begin(), types.end(), plain) != types.end();
}

bool is_mime_type(std::string_view text)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.+-; =_";
    return text.find('/') != std::string_view::npos && text.size() <= 100 &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace

Json ControlApi::chat_json(Customer const& customer, std::size_t most) const
{
    auto doc = to_json(customer);
    auto messages = Json::array();
    auto const count = customer.messages.size();
    for (auto i = count - std::min(count, most); i < count; ++i)
        messages.push_back(to_json(customer.messages[i]));
    doc["messages"] = std::move(messages);
    auto windows = Json::object();
    for (auto const& [number, written] : customer.last_written)
        windows[number] = to_ms(written);
    doc["last_written_ms"] = std::move(windows);
    auto const typing = world_.typing.find(customer.id);
    if (typing != world_.typing.end())
        doc["typing_until_ms"] = to_ms(typing->second);
    return doc;
}

Json ControlApi::hook_json(NumberState const& number) const
{
    auto const& emitter = world_.hooks.of(number.own.phone_number_id);
    auto const state = emitter.state();
    return Json{{"url", emitter.settings().url},
                {"handshake", state.handshake},
                {"why", state.handshake_why},
                {"last_status", state.last_status},
                {"last_took_ms", state.last_took.count()},
                {"unanswered", state.unanswered},
                {"taken", state.taken}};
}

Json ControlApi::numbers_json() const
{
    auto out = Json::array();
    for (auto const& number : world_.numbers)
        out.push_back(Json{{"id", number.own.phone_number_id},
                           {"waba_id", number.own.waba_id},
                           {"name", number.own.business_name},
                           {"phone", number.own.display_phone_number},
                           {"hook", hook_json(number)}});
    return out;
}

Json ControlApi::state() const
{
    auto customers = Json::array();
    for (auto const* customer : world_.book.customers())
        customers.push_back(chat_json(*customer, shown_messages));
    return Json{{"numbers", numbers_json()},
                {"now_ms", to_ms(world_.now())},
                {"clock_offset_ms", world_.book.clock_offset().count()},
                {"customers", std::move(customers)},
                {"groups", groups_.all()},
                {"countries", countries_json()}};
}

void ControlApi::publish(Json const& change)
{
    auto const what = text_at(change, {"change"}).value_or("");
    if (what == "message" || what == "fields") {
        auto const id = what == "message" ? text_at(change, {"message", "id"}) : text_at(change, {"message_id"});
        auto const* message = world_.book.find_message(id.value_or(""));
        auto const* const chat = change.contains("group_id") ? "group_id" : "customer_id";
        if (message)
            world_.feed.publish("message", Json{{chat, change.at(chat)}, {"message", to_json(*message)}});
    } else if (what == "group") {
        world_.feed.publish("group", change.at("group"));
    } else if (what == "customer") {
        world_.feed.publish("customer", change.at("customer"));
    } else if (what == "clock") {
        world_.feed.publish("clock", Json{{"clock_offset_ms", world_.book.clock_offset().count()}});
    }
}

void ControlApi::publish_hooks()
{
    world_.feed.publish("numbers", Json{{"numbers", numbers_json()}});
}

Result<Json> ControlApi::show_hook(net::Request const& request) const
{
    auto const number = world_.number_in(Json{{"number", query_parameter(request.http.target, "number").value_or("")}});
    if (!number)
        return number.error();
    return hook_json(**number);
}

Result<Json> ControlApi::set_hook(Json const& order)
{
    auto const number = world_.number_in(order);
    if (!number)
        return number.error();
    auto const url = text_at(order, {"url"});
    auto const app_secret = text_at(order, {"app_secret"});
    bool const good = url ? url->empty() || net::origin_of(*url) : app_secret && !app_secret->empty();
    if (!good)
        return Error{Fault::malformed, "needs app_secret, or a url that is an absolute http or https URL, or empty"};
    auto& emitter = world_.hooks.of((*number)->own.phone_number_id);
    if (app_secret)
        emitter.sign_with(*app_secret);
    if (url)
        emitter.aim(*url);
    return hook_json(**number);
}

Result<Json> ControlApi::set_clock(Json const& order)
{
    auto const offset = int_at(order, {"offset_s"});
    auto const advance = int_at(order, {"advance_s"});
    constexpr std::int64_t most = 10LL * 365 * 24 * 3600;
    if (offset.has_value() == advance.has_value() || std::abs(offset.value_or(0)) > most || std::abs(advance.value_or(0)) > most)
        return Error{Fault::malformed, "needs offset_s or advance_s, at most ten years"};
    auto const before = advance ? world_.book.clock_offset() : 0ms;
    world_.book.set_clock_offset(before + std::chrono::seconds{offset.value_or(advance.value_or(0))});
    return Json{{"clock_offset_ms", world_.book.clock_offset().count()}, {"now_ms", to_ms(world_.now())}};
}

Result<Json> ControlApi::post_raw(net::Request const& request)
{
    auto const number = query_parameter(request.http.target, "number").value_or("");
    auto const signature = query_parameter(request.http.target, "signature").value_or("good");
    std::optional<std::string> forged;
    if (signature == "none")
        forged = "";
    else if (signature == "wrong")
        forged = "sha256=" + std::string(64, '0');
    world_.hooks.of(number).post_raw(request.http.body, forged);
    return Json{{"success", true}};
}

Result<Json> ControlApi::take_file(net::Request const& request)
{
    auto const type = std::string{request.http.headers.find("Content-Type").value_or("application/octet-stream")};
    if (!is_mime_type(type))
        return Error{Fault::malformed, "Content-Type is not a media type"};
    if (request.http.body.empty())
        return Error{Fault::malformed, "the file is empty"};
    auto const name = query_parameter(request.http.target, "name").value_or("");
    auto const kept = world_.keep_media(type, name.substr(0, 240), request.http.body, 7 * 24h);
    if (!kept)
        return kept.error();
    return Json{{"id", kept->id}, {"mime_type", kept->mime_type}, {"size", kept->size}};
}

HttpResponse ControlApi::show_file(net::Request const& request) const
{
    auto const* media = world_.book.find_media(request.parameters[0]);
    auto bytes = media ? read_file(world_.media_path(media->id)) : std::nullopt;
    if (!bytes)
        return json_response(404, Json{{"error", "no such media"}});
    HttpResponse response;
    bool const show = shown_inline(media->mime_type);
    response.headers.add("Content-Type", show ? media->mime_type : "application/octet-stream");
    response.headers.add("Content-Disposition", show ? "inline" : "attachment");
    response.headers.add("Content-Security-Policy", "default-src 'none'; sandbox");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Cache-Control", "private, max-age=86400");
    response.body = std::move(*bytes);
    return response;
}

} // namespace deskbridge::simulator
