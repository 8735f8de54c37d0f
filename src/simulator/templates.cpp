#include "templates.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace deskbridge::simulator {
namespace {

Json body_of(std::string const& text)
{
    return Json{{"type", "BODY"}, {"text", text}};
}

std::vector<Template> samples()
{
    std::vector<Template> all;
    auto const plain = [&](std::string name, std::string language, std::string const& body, bool named = false) -> Template& {
        Template one;
        one.name = std::move(name);
        one.language = std::move(language);
        one.components = Json::array({body_of(body)});
        one.named = named;
        return all.emplace_back(std::move(one));
    };
    plain("reply_waiting", "en", "Hello {{1}}, we have an answer for you. Write to us here to read it.");
    plain("reply_waiting", "en_US", "Hello {{1}}, we have an answer for you. Write to us here to read it.");
    plain("reply_waiting", "de", "Hallo {{1}}, wir haben eine Antwort für Sie. Schreiben Sie uns hier, um sie zu lesen.");
    plain("ticket_update", "en", "Your request {{ticket_no}} is now {{state}}.", true);
    plain("ticket_update", "de", "Ihr Anliegen {{ticket_no}} ist jetzt {{state}}.", true);
    plain("answer_ready", "en", "We have an answer for you. Write to us here to read it.");
    auto& offer = plain("paused_offer", "en", "Ten per cent off until Sunday.");
    offer.status = "PAUSED";
    offer.category = "MARKETING";
    auto& invoice = plain("invoice", "en", "Hello {{1}}, here is your invoice.");
    auto const follow = Json{{"type", "URL"}, {"text", "Pay"}, {"url", "https://shop.example/pay/{{1}}"}};
    auto const reply = Json{{"type", "QUICK_REPLY"}, {"text", "I have a question"}};
    invoice.components = Json::array({Json{{"type", "HEADER"}, {"format", "DOCUMENT"}}, body_of("Hello {{1}}, here is your invoice."),
                                      Json{{"type", "FOOTER"}, {"text", "The shop"}},
                                      Json{{"type", "BUTTONS"}, {"buttons", Json::array({follow, reply})}}});
    return all;
}

/// Cursors are opaque to clients: base 64 would do, a prefix does as well.
constexpr std::string_view cursor_mark = "QVFIUsim";

std::string cursor_of(std::size_t index)
{
    return std::string{cursor_mark} + std::to_string(index);
}

std::optional<std::size_t> index_of(std::string_view cursor)
{
    if (!cursor.starts_with(cursor_mark))
        return std::nullopt;
    cursor.remove_prefix(cursor_mark.size());
    std::size_t index = 0;
    auto const [end, failed] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), index);
    return failed == std::errc{} && end == cursor.data() + cursor.size() ? std::optional{index} : std::nullopt;
}

Json listed(Template const& one, std::string const& fields)
{
    Json const all{{"name", one.name},         {"language", one.language},
                   {"status", one.status},     {"category", one.category},
                   {"id", one.id},             {"quality_score", {{"score", one.quality}}},
                   {"rejected_reason", one.reason}, {"parameter_format", one.named ? "NAMED" : "POSITIONAL"},
                   {"components", one.components}};
    if (fields.empty())
        return all;
    Json some{{"id", one.id}};
    for (auto const& [key, value] : all.items())
        if (("," + fields + ",").find("," + key + ",") != std::string::npos)
            some[key] = value;
    return some;
}

Json identity_of(Template const& one)
{
    std::int64_t id = 0;
    std::from_chars(one.id.data(), one.id.data() + one.id.size(), id);
    return Json{{"message_template_id", id}, {"message_template_name", one.name}, {"message_template_language", one.language}};
}

TemplateNews status_news(Template const& one)
{
    auto value = identity_of(one);
    value["event"] = one.status;
    value["message_template_category"] = one.category;
    value["reason"] = one.reason;
    if (one.status == "PAUSED")
        value["other_info"] = Json{{"title", "FIRST_PAUSE"}, {"description", "Your template has been paused for 3 hours."}};
    if (one.status == "REJECTED")
        value["rejection_info"] = Json{{"reason", one.reason}, {"recommendation", "Edit it and submit it again."}};
    return {"message_template_status_update", std::move(value)};
}

TemplateNews components_news(Template const& one)
{
    auto value = identity_of(one);
    for (auto const& part : items(&one.components)) {
        auto const type = text_at(part, {"type"}).value_or("");
        auto const text = text_at(part, {"text"});
        if (text && type == "HEADER")
            value["message_template_title"] = *text;
        if (text && type == "BODY")
            value["message_template_element"] = *text;
        if (text && type == "FOOTER")
            value["message_template_footer"] = *text;
        for (auto const& button : items(at(part, {"buttons"}))) {
            Json told{{"message_template_button_type", text_at(button, {"type"}).value_or("")},
                      {"message_template_button_text", text_at(button, {"text"}).value_or("")}};
            if (auto const url = text_at(button, {"url"}))
                told["message_template_button_url"] = *url;
            value["message_template_buttons"].push_back(std::move(told));
        }
    }
    return {"message_template_components_update", std::move(value)};
}

/// Takes over what the order says; answers whether it was another text before.
bool take(Json const& order, char const* key, std::string& into)
{
    auto text = text_at(order, {key});
    if (!text || *text == into)
        return false;
    into = std::move(*text);
    return true;
}

} // namespace

TemplateBook::TemplateBook()
{
    for (auto& one : samples())
        (void)add(std::move(one));
}

Template& TemplateBook::add(Template one)
{
    one.id = std::to_string(594'425'479'261'500 + static_cast<std::int64_t>(templates_.size()));
    return templates_.emplace_back(std::move(one));
}

Template* TemplateBook::find(std::string const& name, std::string const& language)
{
    auto const found = std::find_if(templates_.begin(), templates_.end(),
                                    [&](auto const& t) { return t.name == name && t.language == language; });
    return found == templates_.end() ? nullptr : &*found;
}

Template const* TemplateBook::find(std::string const& name, std::string const& language) const
{
    auto const found = std::find_if(templates_.begin(), templates_.end(),
                                    [&](auto const& t) { return t.name == name && t.language == language; });
    return found == templates_.end() ? nullptr : &*found;
}

Template const* TemplateBook::named_by(Json const& content) const
{
    return find(text_at(content, {"name"}).value_or(""), text_at(content, {"language", "code"}).value_or(""));
}

std::optional<Json> TemplateBook::list(Question const& question) const
{
    auto const begin = question.after.empty() ? std::optional<std::size_t>{0} : index_of(question.after);
    if (!begin)
        return std::nullopt;
    auto data = Json::array();
    auto index = *begin;
    for (; index < templates_.size() && data.size() < question.limit; ++index)
        if (templates_[index].status != "DELETED")
            data.push_back(listed(templates_[index], question.fields));
    Json answer{{"data", std::move(data)}};
    if (answer.at("data").empty())
        return answer;
    answer["paging"] = Json{{"cursors", {{"before", cursor_of(*begin)}, {"after", cursor_of(index)}}}};
    if (index < templates_.size())
        answer["paging"]["next"] = question.here + (question.here.find('?') == std::string::npos ? '?' : '&') + "after=" + cursor_of(index);
    return answer;
}

Result<std::vector<TemplateNews>> TemplateBook::change(Json const& order)
{
    auto const name = text_at(order, {"name"}).value_or("");
    auto const language = text_at(order, {"language"}).value_or("");
    auto const* components = at(order, {"components"});
    auto* found = find(name, language);
    if (name.empty() || language.empty() || (components && !components->is_array()))
        return Error{Fault::malformed, "name, language, and what is to be different"};
    bool const fresh = found == nullptr;
    if (fresh) {
        Template one;
        one.name = name;
        one.language = language;
        one.status = "PENDING";
        one.components = Json::array({body_of("…")});
        found = &add(std::move(one));
    }
    std::vector<TemplateNews> news;
    auto const was = found->category;
    (void)take(order, "reason", found->reason);
    found->named = bool_at(order, {"named"}).value_or(found->named);
    found->violates_policy = bool_at(order, {"violates_policy"}).value_or(found->violates_policy);
    found->held = bool_at(order, {"held"}).value_or(found->held);
    auto const old_quality = found->quality;
    if (components && *components != found->components) {
        found->components = *components;
        news.push_back(components_news(*found));
    }
    if (take(order, "category", found->category) && !fresh) {
        news.push_back({"template_category_update", identity_of(*found)});
        news.back().value.update(Json{{"previous_category", was}, {"new_category", found->category}});
    }
    if (take(order, "quality", found->quality)) {
        news.push_back({"message_template_quality_update", identity_of(*found)});
        news.back().value.update(Json{{"previous_quality_score", old_quality}, {"new_quality_score", found->quality}});
    }
    if (take(order, "status", found->status))
        news.push_back(status_news(*found));
    if (bool_at(order, {"silent"}).value_or(false))
        news.clear();
    return news;
}

Json TemplateBook::all() const
{
    auto data = Json::array();
    for (auto const& one : templates_)
        data.push_back(listed(one, {}));
    return data;
}

} // namespace deskbridge::simulator
