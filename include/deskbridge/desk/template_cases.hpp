#pragma once

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/core/message_template.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/template.hpp"
#include "deskbridge/store/ticket_view.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Messages that the provider approves beforehand: looking at them, and sending one into a ticket's conversation.
/// An account is named as in the configuration, or by its id.
namespace deskbridge::desk {

struct TemplateCard {
    store::TemplateRow row;
    std::string problem;                        ///< why it may not be sent and what to do next; empty: it may
    std::vector<channel::TemplatePlace> places; ///< what it wants to be told
};

/// How an account's list stands.
struct TemplateListState {
    store::TemplateList list;
    std::string cannot; ///< why it cannot be asked for; empty: it can
};

struct TemplatePage {
    std::vector<TemplateCard> templates;
    std::int64_t next{0}; ///< `after` of the next page; 0: this is the last one
    TemplateListState state;
};

/// By name, then language; deleted ones only if asked for. Errors: not_found (the account).
struct ListTemplates {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = TemplatePage;
    std::string account{};
    std::vector<std::string> statuses{}; ///< empty: all but deleted ones
    std::int64_t after{0};
    int limit{50}; ///< 1 … 200
};

/// One template in all its languages. Errors: not_found (the account, the template).
struct ShowTemplate {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = std::vector<TemplateCard>;
    std::string account{};
    std::string name{};
};

/// The provider is asked for the list now; `ListTemplates` tells what came of it. Errors: not_found (the account), conflict (it has
/// no templates, or cannot ask for them; it is not configured any more).
struct SyncTemplates {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = TemplateListState;
    std::string account{};
};

/// To the customer, also when the reply window is closed. Errors: malformed (no such template or language; the values do not fit:
/// `detail` is every mistake; no such file), conflict (it may not be sent as it stands; its list is not known; as for `Reply`).
struct SendTemplate {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    std::string ticket{};
    std::string name{};
    std::string language{}; ///< empty: the only one that there is
    TemplateValues values{};
    std::string client_key{};
    std::int64_t header_attachment{0}; ///< the header's file, brought before; 0: it has none, or the values say where it lies
};

} // namespace deskbridge::desk
