#pragma once

#include "deskbridge/core/message_template.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The templates of each account as its provider lists them. A template that the list lacks stays, with the status "deleted".
namespace deskbridge::store {

struct TemplateRow {
    std::int64_t id{0};
    AccountId account{};
    MessageTemplate as;
    Timestamp listed_at{};  ///< when the provider's list held it last
    Timestamp changed_at{}; ///< when we learnt of its latest change
};

/// How an account's list stands.
struct TemplateList {
    std::optional<Timestamp> synced_at{}; ///< when it was complete last; nullopt: never
    std::optional<Timestamp> tried_at{};
    Timestamp next_at{};                  ///< when it is asked for
    int failures{0};                      ///< in a row
    std::string problem{};                ///< why the latest try failed; empty: it did not
};

struct TemplateQuery {
    AccountId account{};
    std::vector<std::string> statuses{}; ///< empty: all but deleted ones
    std::int64_t after{0};               ///< the row before the page; 0: from the first on
    int limit{50};
};

/// By name, then language, at most `limit`.
[[nodiscard]] std::vector<TemplateRow> list_templates(Reading& reading, TemplateQuery const& query);
/// All languages of one name, deleted ones too.
[[nodiscard]] std::vector<TemplateRow> templates_named(Reading& reading, AccountId account, std::string_view name);
[[nodiscard]] KnownTemplates known_templates(Reading& reading, AccountId account, std::string_view name);
/// nullopt: nobody has ever wanted it.
[[nodiscard]] std::optional<TemplateList> find_template_list(Reading& reading, AccountId account);

/// The list is asked for as soon as may be. `by`: who wants that; with an agent `template.sync_requested` is written.
void want_templates(Tx& tx, AccountId account, Actor by, Timestamp now);

/// It is being asked for, and next time at `next_at`, unless somebody wants it before.
void begin_templates(Tx& tx, AccountId account, Timestamp next_at);

/// What a list changed.
struct TemplateTally {
    int added{0};
    int changed{0};
    int gone{0};
};

/// One page of the provider's list, which was asked for at `asked_at`: what a webhook told since then stays. `template.changed` of each
/// that has another status, category or quality.
[[nodiscard]] TemplateTally save_templates(Tx& tx, AccountId account, std::span<MessageTemplate const> page, Timestamp asked_at,
                                           Timestamp now);

/// The list is complete: what was not in it since `began` is deleted. `template.synced` if `so_far` and that changed anything. With one
/// that waits for the provider the next look is in an hour.
[[nodiscard]] TemplateTally finish_templates(Tx& tx, AccountId account, TemplateTally so_far, Timestamp began);

/// It could not be had.
void postpone_templates(Tx& tx, AccountId account, std::string_view problem, Timestamp now, Timestamp next_at);

/// What a webhook says. The list is wanted where that is not all: the template is not known, its parts changed, the word is new, or
/// what is known is newer than `told_at` (webhooks come late and in any order); then nothing is changed.
void apply_template_change(Tx& tx, AccountId account, TemplateChange const& change, Timestamp told_at, Timestamp now);

/// The provider refused a message because of its template: `change.status`, if there is one, stands until the list tells another, and the
/// list is wanted at once.
void refuse_template(Tx& tx, AccountId account, TemplateChange const& change, Timestamp now);

} // namespace deskbridge::store
