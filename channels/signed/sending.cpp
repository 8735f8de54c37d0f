#include "sending.hpp"

#include "meaning.hpp"
#include "people.hpp"
#include "signature.hpp"

namespace deskbridge::signed_http {
namespace {

Json render_choices(std::vector<Choice> const& choices)
{
    auto out = Json::array();
    for (auto const& choice : choices) {
        Json item{{"id", choice.id}, {"title", choice.title}};
        if (!choice.description.empty())
            item["description"] = choice.description;
        out.push_back(std::move(item));
    }
    return out;
}

Json render_file(OutboundFile const& file, channel::FileLink const& link)
{
    Json media{{"url", link.url}, {"expires_at", render_rfc3339(link.ends_at)}, {"mime_type", file.content_type},
               {"size", file.size}, {"sha256", file.sha256}};
    if (!file.file_name.empty())
        media["file_name"] = file.file_name;
    return media;
}

void set_content(OutboundContent const& content, Json& data)
{
    data["kind"] = "text";
    if (!content.text.empty())
        data["text"] = content.text;
    if (content.template_call) {
        auto const& call = *content.template_call;
        data["kind"] = "template";
        data["template"] = {{"name", call.name}, {"language", call.language}, {"parameters", Json(call.parameters)}};
    } else if (content.list) {
        data["kind"] = "list";
        data["list"] = {{"button", content.list->button}, {"rows", render_choices(content.list->rows)}};
    } else if (!content.buttons.empty()) {
        data["kind"] = "buttons";
        data["buttons"] = render_choices(content.buttons);
    }
    if (content.quote)
        data["reply_to"] = content.quote->value;
}

bool set_recipient(channel::Delivery const& delivery, Json& data)
{
    if (!delivery.group.empty()) {
        data["group"] = delivery.group;
        return true;
    }
    auto person = render_person(delivery.to);
    if (person)
        data["to"] = std::move(*person);
    return person.has_value();
}

Outcome no_account(std::string why)
{
    return Refused{std::move(why), Refused::Because::account, {}};
}

Outcome not_this(std::string why)
{
    return Refused{std::move(why), Refused::Because::message, {}};
}

} // namespace

std::vector<channel::FileRule> file_rules()
{
    using enum MessageKind;
    constexpr std::uint64_t most = 100u << 20;
    constexpr std::size_t caption = 1024;
    return {{image, {"image/jpeg", "image/png", "image/webp", "image/gif"}, most, caption},
            {video, {"video/mp4", "video/webm", "video/3gpp"}, most, caption},
            {voice, {"audio/ogg"}, most, caption, {"opus", "opus stereo"}},
            {audio, {"audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg"}, most, caption},
            {document, {}, most, caption}};
}

channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery, std::span<HttpResponse const> so_far)
{
    if (!so_far.empty())
        return outcome_of(so_far.back());
    auto const keys = keys_of(account.secret("outbound_secret"));
    auto const endpoint = account.setting("endpoint");
    if (keys.empty() || endpoint.empty())
        return no_account("The account has no endpoint, or no outbound_secret of the form whsec_….");
    Json data{{"token", delivery.token}};
    if (delivery.token.empty() || !set_recipient(delivery, data))
        return not_this("The customer has no address in this app.");
    set_content(delivery.content, data);
    if (!delivery.content.files.empty()) {
        auto const& file = delivery.content.files.front();
        if (!delivery.link)
            return not_this("There is no link by which the app could fetch the file.");
        data["kind"] = file.kind;
        data["media"] = render_file(file, *delivery.link);
    }
    Json const body{{"type", "message.send"}, {"timestamp", render_rfc3339(delivery.at)}, {"account", account.number},
                    {"data", std::move(data)}};
    HttpRequest request{"POST", std::string{endpoint}, {{"Content-Type", "application/json"}}, channel::write_json(body)};
    sign(request, delivery.token, delivery.at, keys);
    return channel::Step{std::move(request), true};
}

} // namespace deskbridge::signed_http
