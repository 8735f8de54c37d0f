#include "files.hpp"

#include "errors.hpp"

#include "deskbridge/channel/plan.hpp"
#include "deskbridge/channel/url.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

constexpr std::size_t caption = 1024;
constexpr std::uint64_t kibi = 1u << 10;
constexpr std::uint64_t mebi = 1u << 20;
constexpr int media_error = 131053;

/// Of a parameter, of a value, of the file itself: to a message whose file's id was learnt earlier they say the same.
constexpr std::array file_codes{100, 131009, 131052, media_error};

std::int64_t code_of(HttpResponse const& response)
{
    auto const body = channel::read_json(response.body);
    return body ? channel::loose_int_at(*body, "/error/code").value_or(0) : 0;
}

} // namespace

std::vector<channel::FileRule> file_rules()
{
    using enum MessageKind;
    static std::vector<channel::FileRule> const rules{
        {sticker, {"image/webp"}, 100 * kibi, 0, {"512x512"}},
        {sticker, {"image/webp"}, 500 * kibi, 0, {"512x512 animated"}},
        {image, {"image/jpeg", "image/png"}, 5 * mebi, caption},
        {voice, {"audio/ogg"}, 16 * mebi, 0, {"opus"}},
        {audio, {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4"}, 16 * mebi, 0},
        {video, {"video/mp4", "video/3gpp"}, 16 * mebi, caption},
        {document, {}, 100 * mebi, caption}};
    return rules;
}

channel::Step upload_file(channel::Account const& account, Access const& access, OutboundFile const& file)
{
    channel::Step step;
    step.delivers = false;
    step.request.target = url_with(access, channel::join_url(account.setting("api_base"), {account.setting("phone_number_id"), "media"}));
    step.request.headers.add("Authorization", bearer(access));
    channel::put_form(step, {{"messaging_product", "whatsapp"}, {"type", file.content_type}}, "file", file);
    return step;
}

std::optional<channel::Uploaded> uploaded_in(HttpResponse const& response)
{
    constexpr auto life = std::chrono::hours{29 * 24};
    auto const body = channel::read_json(response.body);
    auto id = body && response.status >= 200 && response.status < 300 ? channel::id_at(*body, "/id") : std::string{};
    if (id.empty())
        return std::nullopt;
    return channel::Uploaded{std::move(id), life};
}

Outcome outcome_of_upload(HttpResponse const& response)
{
    constexpr int too_large = 413;
    auto outcome = outcome_of(response);
    if (response.status == too_large)
        return Refused{"The file is larger than WhatsApp, or something between, lets through.", Refused::Because::message, {}};
    if (std::holds_alternative<Accepted>(outcome))
        return NotSent{.why = "WhatsApp answered an upload without an id."};
    if (auto* const unknown = std::get_if<Unknown>(&outcome))
        return NotSent{.why = std::move(unknown->why), .error = std::move(unknown->error)};
    auto* const again = std::get_if<NotSent>(&outcome);
    if (again && again->error.code == media_error)
        return Refused{std::move(again->why), Refused::Because::message, std::move(again->error)};
    return outcome;
}

bool is_file_refused(HttpResponse const& response)
{
    constexpr int missing_object_subcode = 33; // it is the number that is missing
    if (response.status < 400 || response.status >= 500)
        return false;
    auto const code = code_of(response);
    auto const body = channel::read_json(response.body);
    bool const number = body && channel::loose_int_at(*body, "/error/error_subcode") == missing_object_subcode;
    return !number && std::find(file_codes.begin(), file_codes.end(), code) != file_codes.end();
}

void set_file(OutboundContent const& content, std::string const& id, Json& body)
{
    auto const& file = content.files.front();
    bool const voice = file.kind == render_message_kind(MessageKind::voice);
    bool const document = file.kind == render_message_kind(MessageKind::document);
    Json object{{"id", id}};
    if (voice)
        object["voice"] = true;
    if (!content.text.empty())
        object["caption"] = content.text;
    if (document && !file.file_name.empty())
        object["filename"] = file.file_name;
    auto const type = voice ? std::string{"audio"} : file.kind;
    body["type"] = type;
    body[type] = std::move(object);
}

} // namespace deskbridge::whatsapp
