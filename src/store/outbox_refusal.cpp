#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/marketing_choice.hpp"
#include "deskbridge/store/template.hpp"
#include "outbox_rows.hpp"

#include <algorithm>

/// What the provider's refusals teach, and what is therefore not even tried.
namespace deskbridge::store::outbox {

void learn_refusal(Tx& tx, IntentRow const& row, Refused const& refused, RefusedAt const& at)
{
    bool const about_template = refused.because == Refused::Because::unusable_template;
    if (!about_template && refused.because != Refused::Because::opted_out)
        return;
    auto const content = parse_content(row.content);
    if (!content || !content->template_call)
        return;
    auto const& call = *content->template_call;
    if (about_template) {
        TemplateChange change{{}, call.name, call.language};
        if (!refused.template_status.empty())
            change.status = refused.template_status;
        change.reason = refused.error.sentence;
        return refuse_template(tx, row.account, change, at.heard);
    }
    auto const conversation = find_conversation(tx, row.conversation);
    if (conversation && conversation->contact)
        note_marketing_choice(tx, row.account, conversation->contact, {false, MarketingChoice::Source::refusal, at.told}, at.heard);
}

bool pause_refused(Tx& tx, AccountId account, std::string why, ProviderError const& error, Timestamp now)
{
    auto const numbered = error.code == 0 ? std::string{} : "error " + std::to_string(error.code);
    auto const& own = error.detail.empty() ? error.title : error.detail;
    if (why.empty() && !error.sentence.empty())
        why = error.sentence + (own.empty() ? "" : " (" + own + (numbered.empty() ? ")" : "; " + numbered + ")"));
    else if (why.empty())
        why = own.empty() ? "The provider refuses the account itself." : own;
    if (why.find(numbered) == std::string::npos) // for whoever asks them
        why += " (" + numbered + ")";
    return pause_account(tx, account, {PausedBy::provider, std::move(why), now}, {});
}

std::optional<Timestamp> window_open_since(Conversation const& conversation, WindowRules const& windows, Timestamp now)
{
    auto const window = windows.of(conversation.address);
    if (window == std::chrono::seconds::zero() || !ReplyWindow{conversation.window_from, window}.open_at(now))
        return std::nullopt;
    return std::min(*conversation.window_from, conversation.window_opened_at.value_or(*conversation.window_from));
}

std::string why_unusable(Reading& reading, IntentRow const& row, OutboundContent const& content)
{
    if (!content.template_call)
        return {};
    for (auto const& one : templates_named(reading, row.account, content.template_call->name))
        if (one.as.language == content.template_call->language)
            return explain_unusable(one.as);
    return {};
}

std::string_view why_no_marketing(Reading& reading, IntentRow const& row, Conversation const& conversation, OutboundContent const& content)
{
    if (!content.template_call || !conversation.contact)
        return {};
    auto const named = templates_named(reading, row.account, content.template_call->name);
    bool const marketing = std::any_of(named.begin(), named.end(), [&](TemplateRow const& one) {
        return one.as.language == content.template_call->language && is_marketing(one.as);
    });
    if (!marketing)
        return {};
    if (marketing_stopped_at(reading, row.account, conversation.contact))
        return no_marketing_wanted;
    auto const contact = find_contact(reading, conversation.contact);
    return contact && contact->stopped_at ? no_marketing_after_stop : std::string_view{};
}

} // namespace deskbridge::store::outbox
