#pragma once

#include "graph_error.hpp"
#include "json_reading.hpp"

#include "deskbridge/core/result.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::simulator {

/// One message template of the account.
struct Template {
    std::string id;
    std::string name;
    std::string language;
    Json components;              ///< as the provider lists them
    std::string status{"APPROVED"};
    std::string category{"UTILITY"};
    std::string quality{"UNKNOWN"};
    std::string reason{"NONE"};   ///< of a rejection
    bool named{false};            ///< its parameters have names
    bool violates_policy{false};  ///< every send is refused with 132007
    bool held{false};             ///< what is sent is kept back until its quality is known
};

/// What a change through the control API makes the provider tell: the field, and its value.
struct TemplateNews {
    std::string field;
    Json value;
};

/// The account's templates. They begin as samples with every run.
/// Source: Meta, WhatsApp Business Platform, "Message templates" and its webhooks, read 2026-10.
/// Threads: the reactor.
class TemplateBook {
public:
    TemplateBook();

    /// By name and language; null if there is none.
    [[nodiscard]] Template const* find(std::string const& name, std::string const& language) const;
    /// The template that a send names.
    [[nodiscard]] Template const* named_by(Json const& content) const;

    /// A page of GET /{account}/message_templates: `after` is a cursor of an earlier page, "" the beginning; `fields` as the client
    /// asked, "" all. `here`: the URL that `paging.next` continues. nullopt: the cursor is none of ours.
    struct Question {
        std::size_t limit{25};
        std::string after{};
        std::string fields{};
        std::string here{};
    };
    [[nodiscard]] std::optional<Json> list(Question const& question) const;

    /// Adds or changes one: `name`, `language`, and what is to be different of status, quality, category, reason, components, named,
    /// violates_policy, held; `silent`: nobody is told. Answers what the webhooks say. Errors: malformed.
    [[nodiscard]] Result<std::vector<TemplateNews>> change(Json const& order);
    [[nodiscard]] Json all() const;

private:
    [[nodiscard]] Template* find(std::string const& name, std::string const& language);
    [[nodiscard]] Template& add(Template one);

    std::deque<Template> templates_;
};

/// What is wrong with a template message: 132001 unknown or not approved, 132015 paused, 132016 disabled, 132007 policy, 132000
/// count, 132012 kind, 132018 a text's form, 132005 too long, 131062 a code to somebody without a phone.
/// @param found  null: there is none.
/// @param to_user_id  the recipient is named by a business-scoped id.
[[nodiscard]] std::optional<GraphError> check_template_use(Template const* found, Json const& content, bool to_user_id);

/// The text that the customer sees.
[[nodiscard]] std::string render_template(Template const* found, Json const& content);

/// Names between {{ and }}, in their order.
[[nodiscard]] std::vector<std::string> placeholders_of(std::string const& text);

} // namespace deskbridge::simulator
