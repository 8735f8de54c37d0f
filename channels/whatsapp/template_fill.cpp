#include "template_places.hpp"
#include "templates.hpp"

#include "contents.hpp"
#include "files.hpp"
#include "ids.hpp"

#include "deskbridge/channel/plan.hpp"
#include "deskbridge/core/text.hpp"
#include "deskbridge/core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

constexpr std::size_t max_body = 1024;
constexpr std::size_t max_header = 60;
constexpr std::size_t max_code = 15; ///< of coupons and of authentication

Json text_parameter(std::string const& text)
{
    return {{"type", "text"}, {"text", text}};
}

/// One template being filled.
class Filling {
public:
    /// `brought`: a file for the header; may be nullptr.
    Filling(MessageTemplate const& one, TemplateValues const& values, OutboundFile const* brought)
        : one_{one}, places_{values}, brought_{brought}
    {
    }

    void fill(Json const& components);
    [[nodiscard]] Result<OutboundContent> finish(std::vector<Address> const& known);
    [[nodiscard]] std::vector<channel::TemplatePlace> const& places() const noexcept { return places_.asked(); }

private:
    void header(Json const& part);
    void header_text(Json const& part);
    void header_file(std::string const& format);
    [[nodiscard]] Json linked(MessageKind kind);
    [[nodiscard]] Json brought(MessageKind kind);
    void header_place();
    void body(Json const& part);
    void footer(Json const& part);
    void offer(Json const& part);
    void button(Json const& part, std::size_t index);
    void add_button(std::string_view kind, std::size_t index, Json parameter);
    void show(std::string const& words);
    [[nodiscard]] bool authenticates() const { return one_.category == "authentication"; }

    MessageTemplate const& one_;
    Places places_;
    OutboundFile const* brought_;
    std::optional<OutboundFile> file_{}; ///< the same, once it has its place
    Json components_ = Json::array();
    std::string shown_;
    std::string code_; ///< of authentication
};

void Filling::show(std::string const& words)
{
    if (!words.empty())
        shown_.append(shown_.empty() ? "" : "\n").append(words);
}

void Filling::fill(Json const& components)
{
    for (auto const& part : components) {
        auto const type = name_at(part, "/type");
        if (type == "HEADER")
            header(part);
        else if (type == "BODY")
            body(part);
        else if (type == "FOOTER")
            footer(part);
        else if (type == "LIMITED_TIME_OFFER")
            offer(part);
        else if (type == "CAROUSEL")
            places_.refuse("Templates with cards to swipe through cannot be sent from here.");
        if (auto const* buttons = type == "BUTTONS" ? channel::array_at(part, "/buttons") : nullptr)
            for (std::size_t i = 0; i < buttons->size(); ++i)
                button((*buttons)[i], i);
    }
}

void Filling::header(Json const& part)
{
    auto const format = name_at(part, "/format");
    if (format == "TEXT" || format.empty())
        header_text(part);
    else if (format == "LOCATION")
        header_place();
    else if (format == "IMAGE" || format == "VIDEO" || format == "DOCUMENT")
        header_file(format);
    else
        places_.refuse("Templates whose header is of the kind " + format + " cannot be sent from here.");
}

void Filling::header_text(Json const& part)
{
    auto text = words_at(part, "/text");
    auto const names = placeholders_of(text);
    if (!names.empty()) {
        auto const value = places_.required("header");
        auto parameter = text_parameter(value);
        if (one_.named)
            parameter["parameter_name"] = names.front();
        components_.push_back({{"type", "header"}, {"parameters", Json::array({parameter})}});
        text = fill_places(text, {{names.front(), value}});
        places_.check_length("header", text, max_header);
    }
    show(text);
}

void Filling::header_file(std::string const& format)
{
    using enum MessageKind;
    auto const kind = format == "IMAGE" ? image : format == "VIDEO" ? video : document;
    auto file = brought_ != nullptr ? brought(kind) : linked(kind);
    if (kind == document)
        if (auto const name = places_.optional("header.filename"))
            file["filename"] = *name;
    std::string const word{render_message_kind(kind)};
    components_.push_back({{"type", "header"}, {"parameters", Json::array({Json{{"type", word}, {word, std::move(file)}}})}});
}

Json Filling::linked(MessageKind kind)
{
    auto const link = places_.required("header");
    if (!link.empty() && (!link.starts_with("https://") || link.find_first_of(" \"<>") != std::string::npos))
        places_.refuse(fmt::format("The header is a file ({}): \"header\" must be a link that begins with https://.", render_message_kind(kind)));
    show(link);
    return {{"link", link}};
}

/// Its id is known when it has been uploaded: `name_header`.
Json Filling::brought(MessageKind kind)
{
    if (places_.optional("header"))
        places_.refuse("The header's file is given twice: as a file, and as \"header\".");
    channel::Capabilities takes;
    for (auto& rule : file_rules())
        if (rule.kind == kind)
            takes.files.push_back(std::move(rule));
    if (auto const objection = channel::objection_to_files({*brought_}, takes); !objection.empty())
        places_.refuse("The header does not take this file: " + objection + ".");
    file_ = *brought_;
    file_->kind = render_message_kind(kind);
    auto object = Json::object();
    if (kind == MessageKind::document && !file_->file_name.empty())
        object["filename"] = file_->file_name;
    return object;
}

void Filling::header_place()
{
    Json place{{"latitude", places_.required_number("header.latitude", 90)},
               {"longitude", places_.required_number("header.longitude", 180)}};
    for (auto const* key : {"name", "address"})
        if (auto const value = places_.optional(std::string{"header."} + key))
            place[key] = *value;
    show(channel::render_place(place).value_or(""));
    components_.push_back({{"type", "header"}, {"parameters", Json::array({Json{{"type", "location"}, {"location", std::move(place)}}})}});
}

void Filling::body(Json const& part)
{
    auto text = words_at(part, "/text");
    auto parameters = Json::array();
    TemplateValues filled;
    auto names = placeholders_of(text);
    if (!one_.named) // the first parameter is {{1}}, wherever that stands in the words
        std::sort(names.begin(), names.end(), [](auto const& a, auto const& b) { return std::pair{a.size(), a} < std::pair{b.size(), b}; });
    for (auto const& name : names) {
        auto const value = places_.of_body(name);
        filled.emplace_back(name, value);
        auto parameter = text_parameter(value);
        if (one_.named)
            parameter["parameter_name"] = name;
        parameters.push_back(std::move(parameter));
        if (authenticates() && code_.empty())
            code_ = value;
    }
    text = fill_places(text, filled);
    places_.check_length("text", text, max_body);
    if (authenticates())
        places_.check_length("code", code_, max_code);
    if (!parameters.empty())
        components_.push_back({{"type", "body"}, {"parameters", std::move(parameters)}});
    show(text);
}

void Filling::footer(Json const& part)
{
    auto words = words_at(part, "/text");
    auto const minutes = channel::loose_int_at(part, "/code_expiration_minutes");
    show(words.empty() && minutes ? fmt::format("({} min)", *minutes) : words);
}

void Filling::offer(Json const& part)
{
    show(words_at(part, "/limited_time_offer/text"));
    if (!channel::bool_at(part, "/limited_time_offer/has_expiration").value_or(false))
        return;
    auto const ends = parse_rfc3339(places_.required("offer.ends"));
    if (!ends)
        places_.refuse("\"offer.ends\" must be a moment such as 2026-12-24T18:00:00Z.");
    Json const moment{{"expiration_time_ms", to_ms(ends.value_or(Timestamp{}))}};
    components_.push_back({{"type", "limited_time_offer"},
                           {"parameters", Json::array({Json{{"type", "limited_time_offer"}, {"limited_time_offer", moment}}})}});
}

void Filling::add_button(std::string_view kind, std::size_t index, Json parameter)
{
    components_.push_back({{"type", "button"},
                           {"sub_type", kind},
                           {"index", std::to_string(index)},
                           {"parameters", Json::array({std::move(parameter)})}});
}

/// Buttons are counted from 1 for people, from 0 by Meta. What needs no value is sent by naming the template alone.
void Filling::button(Json const& part, std::size_t index)
{
    auto const type = name_at(part, "/type");
    auto const key = fmt::format("button.{}", index + 1);
    show("[" + words_at(part, "/text") + "]");
    if (authenticates() && (type == "OTP" || type == "URL")) {
        add_button("url", index, text_parameter(code_)); // the code again, for the button that copies it
    } else if (type == "URL" && !placeholders_of(words_at(part, "/url")).empty()) {
        add_button("url", index, text_parameter(places_.required(key)));
    } else if (type == "COPY_CODE") {
        auto const code = places_.required(key);
        places_.check_length(key, code, max_code);
        add_button("copy_code", index, {{"type", "coupon_code"}, {"coupon_code", code}});
    } else if (type == "QUICK_REPLY") {
        if (auto const payload = places_.optional(key))
            add_button("quick_reply", index, {{"type", "payload"}, {"payload", *payload}});
    } else if (type == "FLOW") {
        add_button("flow", index, {{"type", "action"}, {"action", {{"flow_token", places_.optional(key).value_or("unused")}}}});
    } else if (type == "MPM" || type == "SPM") {
        places_.refuse("Templates that show products cannot be sent from here.");
    }
}

/// Codes go to phones alone. Source: WhatsApp "Business-scoped user IDs" (2026-08): error 131062.
Result<OutboundContent> Filling::finish(std::vector<Address> const& known)
{
    if (authenticates() && find_address(known, "wa_id") == nullptr)
        places_.refuse(known.empty() ? "Templates with a code go to one customer's phone number alone."
                                     : "Templates with a code go to a phone number alone, and WhatsApp hides this customer's. Ask for it first, with a "
                                       "reply that has the button by which customers share it.");
    if (brought_ != nullptr && !file_)
        places_.refuse("The template " + one_.name + " has no header that takes a file.");
    auto problem = places_.finish();
    if (!problem.empty())
        return Error{Fault::malformed, std::move(problem)};
    OutboundContent content;
    content.text = std::move(shown_);
    content.template_call = TemplateCall{one_.name, one_.language, {}};
    content.to_kind = authenticates() ? "wa_id" : "";
    if (file_)
        content.files.push_back(std::move(*file_));
    if (!components_.empty())
        content.template_call->components = channel::write_json(components_);
    return content;
}

} // namespace

Result<OutboundContent> fill_template(MessageTemplate const& one, TemplateValues const& values, std::vector<Address> const& known, OutboundFile const* header)
{
    auto const components = channel::read_json(one.components);
    if (!components || !components->is_array())
        return Error{Fault::malformed, "The parts of the template " + one.name + " could not be read: ask for the list again."};
    Filling filling{one, values, header};
    filling.fill(*components);
    return filling.finish(known);
}

std::vector<channel::TemplatePlace> template_places(MessageTemplate const& one)
{
    auto const components = channel::read_json(one.components);
    if (!components || !components->is_array())
        return {};
    TemplateValues const none;
    Filling filling{one, none, nullptr};
    filling.fill(*components);
    return filling.places();
}

} // namespace deskbridge::whatsapp
