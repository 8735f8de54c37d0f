#include "templates.hpp"

#include "access.hpp"
#include "contents.hpp"
#include "error_table.hpp"
#include "errors.hpp"

#include "deskbridge/channel/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace deskbridge::whatsapp {
namespace {

constexpr std::string_view listed_fields = "id,name,language,status,category,quality_score,rejected_reason,parameter_format,components";
constexpr std::string_view page_size = "100";

/// Where a question begins, and which of the account's accesses it shows.
struct Cursor {
    std::size_t access{0};
    std::string_view after{};
};

Cursor parse_cursor(std::string_view text)
{
    Cursor cursor;
    auto const colon = text.find(':');
    if (colon == std::string_view::npos)
        return cursor;
    std::from_chars(text.data(), text.data() + colon, cursor.access);
    cursor.after = text.substr(colon + 1);
    return cursor;
}

std::string render_cursor(std::size_t access, std::string_view after)
{
    return fmt::format("{}:{}", access, after);
}

/// Meta says NONE where there is no reason, and UNKNOWN where there is no quality yet.
std::string told(std::string word, std::string_view nothing)
{
    return word == nothing ? std::string{} : word;
}

std::optional<MessageTemplate> read_template(Json const& item)
{
    MessageTemplate one;
    one.external_id = name_at(item, "/id");
    one.name = name_at(item, "/name");
    one.language = name_at(item, "/language");
    one.category = lower_word_at(item, "/category");
    one.status = lower_word_at(item, "/status");
    one.quality = told(lower_word_at(item, "/quality_score/score"), "unknown");
    one.reason = told(words_at(item, "/rejected_reason"), "NONE");
    one.named = name_at(item, "/parameter_format") == "NAMED";
    if (auto const* components = channel::array_at(item, "/components"))
        one.components = channel::write_json(*components);
    if (one.name.empty() || one.language.empty() || one.status.empty())
        return std::nullopt;
    return one;
}

channel::TemplatePage no_list(HttpResponse const& answer)
{
    channel::TemplatePage page;
    page.wait = channel::retry_after(answer).value_or(std::chrono::seconds{0});
    auto const body = channel::read_json(answer.body);
    auto const errors = body ? read_errors(channel::object_at(*body, "/error")) : std::vector<ProviderError>{};
    if (errors.empty()) {
        page.problem = fmt::format("WhatsApp answered {} instead of the list of templates", answer.status);
        return page;
    }
    auto const& error = errors.front();
    page.problem = fmt::format("WhatsApp refused the list of templates: {} (error {})", error.detail.empty() ? error.title : error.detail,
                               error.code);
    if (auto const* row = find_error(error.code))
        page.wait = std::max(page.wait, row->asked);
    return page;
}

// --- webhooks ---

/// Events that are a status of the list. FLAGGED and LOCKED are none: they say nothing about sending.
constexpr std::array<std::string_view, 10> statuses{"approved", "archived", "deleted",  "disabled",         "in_appeal",
                                                    "limit_exceeded", "paused", "pending", "pending_deletion", "rejected"};

std::string reason_in(Json const& value)
{
    auto const join = [](std::string const& first, std::string const& second) {
        return first.empty() || second.empty() ? first + second : first + ": " + second;
    };
    for (auto const& [first, second] : {std::pair{"/rejection_info/reason", "/rejection_info/recommendation"},
                                        std::pair{"/other_info/title", "/other_info/description"}})
        if (auto words = join(words_at(value, first), words_at(value, second)); !words.empty())
            return words;
    return told(words_at(value, "/reason"), "NONE");
}

bool read_status(Json const& value, TemplateChange& into)
{
    auto event = lower_word_at(value, "/event");
    if (event == "reinstated")
        event = "approved";
    if (event.empty() || event == "flagged" || event == "locked")
        return false;
    if (std::find(statuses.begin(), statuses.end(), event) == statuses.end())
        return true; // a word of tomorrow, or "unarchived": the list tells what it is now
    into.reason = event == "approved" ? std::string{} : reason_in(value);
    into.status = std::move(event);
    if (auto category = lower_word_at(value, "/message_template_category"); !category.empty())
        into.category = std::move(category);
    return true;
}

bool read_quality(Json const& value, TemplateChange& into)
{
    auto const score = lower_word_at(value, "/new_quality_score");
    into.quality = told(score, "unknown");
    return !score.empty();
}

/// Whichever form it has: `new_category` is the one that holds now.
bool read_category(Json const& value, TemplateChange& into)
{
    auto category = lower_word_at(value, "/new_category");
    bool const found = !category.empty();
    into.category = std::move(category);
    return found;
}

Json read_buttons(Json const& list)
{
    auto buttons = Json::array();
    for (auto const& item : list) {
        Json button{{"type", name_at(item, "/message_template_button_type")}, {"text", words_at(item, "/message_template_button_text")}};
        for (auto const& [from, to] : {std::pair{"/message_template_button_url", "url"},
                                       std::pair{"/message_template_button_phone_number", "phone_number"}})
            if (auto words = words_at(item, from); !words.empty())
                button[to] = std::move(words);
        buttons.push_back(std::move(button));
    }
    return buttons;
}

bool read_components(Json const& value, TemplateChange& into)
{
    auto components = Json::array();
    if (auto title = words_at(value, "/message_template_title"); !title.empty())
        components.push_back({{"type", "HEADER"}, {"format", "TEXT"}, {"text", std::move(title)}});
    if (auto body = words_at(value, "/message_template_element"); !body.empty())
        components.push_back({{"type", "BODY"}, {"text", std::move(body)}});
    if (auto footer = words_at(value, "/message_template_footer"); !footer.empty())
        components.push_back({{"type", "FOOTER"}, {"text", std::move(footer)}});
    if (auto const* buttons = channel::array_at(value, "/message_template_buttons"); buttons != nullptr && !buttons->empty())
        components.push_back({{"type", "BUTTONS"}, {"buttons", read_buttons(*buttons)}});
    if (components.empty())
        return false;
    into.components = channel::write_json(components);
    return true;
}

struct TemplateField {
    std::string_view field;
    bool (*read)(Json const&, TemplateChange&);
};
constexpr std::array<TemplateField, 4> template_fields{{{"message_template_status_update", read_status},
                                                        {"message_template_quality_update", read_quality},
                                                        {"message_template_components_update", read_components},
                                                        {"template_category_update", read_category}}};

} // namespace

Result<HttpRequest> ask_templates(channel::Account const& account, std::string_view cursor)
{
    auto const accesses = accesses_of(account);
    auto const from = parse_cursor(cursor);
    if (account.setting("waba_id").empty())
        return Error{Fault::malformed, "the account has no waba_id, and templates are listed by WhatsApp Business Account"};
    if (from.access >= accesses.size())
        return Error{Fault::malformed, "the account has no access_token"};
    auto url = channel::with_query(channel::join_url(account.setting("api_base"), {account.setting("waba_id"), "message_templates"}),
                                   {{"fields", listed_fields}, {"limit", page_size}});
    if (!from.after.empty())
        url = channel::with_query(std::move(url), {{"after", from.after}});
    return get_with(accesses[from.access], std::move(url));
}

channel::TemplatePage read_templates(channel::Account const& account, std::string_view cursor, HttpResponse const& answer)
{
    auto const from = parse_cursor(cursor);
    channel::TemplatePage page;
    if (auto const other = access_after(accesses_of(account), from.access, answer)) {
        page.next = render_cursor(*other, from.after);
        return page;
    }
    if (answer.status < 200 || answer.status >= 300)
        return no_list(answer);
    auto const body = channel::read_json(answer.body);
    auto const* data = body ? channel::array_at(*body, "/data") : nullptr;
    if (data == nullptr) {
        page.problem = "WhatsApp's answer is no list of templates";
        return page;
    }
    for (auto const& item : *data) {
        if (auto one = read_template(item))
            page.templates.push_back(std::move(*one));
        else if (!name_at(item, "/name").empty()) // what a complete list lacks counts as deleted
            page.problem = "WhatsApp's list holds a template without a language or a status";
    }
    if (!page.problem.empty() || words_at(*body, "/paging/next").empty())
        return page; // the one sign of the end: a page may be short, or empty
    auto const after = name_at(*body, "/paging/cursors/after");
    if (after.empty() || after == from.after)
        page.problem = "WhatsApp's list goes on, and does not say where";
    else
        page.next = render_cursor(from.access, after);
    return page;
}

std::optional<TemplateChange> read_template_change(Change const& change)
{
    auto const row = std::find_if(template_fields.begin(), template_fields.end(),
                                  [&](auto const& one) { return one.field == change.field; });
    if (row == template_fields.end())
        return std::nullopt;
    TemplateChange about;
    about.external_id = name_at(change.value, "/message_template_id");
    about.name = name_at(change.value, "/message_template_name");
    about.language = name_at(change.value, "/message_template_language");
    bool const named = !about.external_id.empty() || (!about.name.empty() && !about.language.empty());
    if (!named || !row->read(change.value, about))
        return std::nullopt;
    return about;
}

} // namespace deskbridge::whatsapp
