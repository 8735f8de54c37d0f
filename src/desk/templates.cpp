#include "work.hpp"

#include "deskbridge/core/text.hpp"
#include "deskbridge/store/marketing_choice.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

/// Null: the account is not configured any more.
channel::AccountContext const* context_of(Desk::Parts const& parts, store::AccountRow const& account)
{
    return account.configured ? channel::find_account(parts.accounts, account.id) : nullptr;
}

TemplateCard card_of(channel::AccountContext const* account, store::TemplateRow row)
{
    TemplateCard card{std::move(row), {}, {}};
    card.problem = explain_unusable(card.row.as);
    if (account != nullptr)
        card.places = account->adapter->template_places(card.row.as);
    return card;
}

/// "" when its list can be asked for.
std::string why_not_listed(channel::AccountContext const* account)
{
    if (account == nullptr)
        return "the account is not configured any more";
    if (!account->adapter->capabilities(account->account).templates)
        return "the channel of this account lists no templates";
    auto const can = account->adapter->ask_templates(account->account, {});
    return can ? std::string{} : can.error().detail;
}

TemplateListState state_of(store::Reading& reading, Desk::Parts const& parts, store::AccountRow const& account)
{
    return {store::find_template_list(reading, account.id).value_or(store::TemplateList{}), why_not_listed(context_of(parts, account))};
}

/// What a template looks like whose words nobody knows here.
std::string placeholder_text(TemplateCall const& call)
{
    auto text = "[" + call.name + ", " + call.language + "]";
    for (auto const& parameter : call.parameters)
        text += " " + parameter;
    return text;
}

/// As the configuration names it, for the provider to judge. Errors: conflict (it does not name this one).
OutboundContent unlisted(Subject const& subject, SendTemplate const& request)
{
    auto const& policy = subject.account->policy;
    auto const names = [&](std::string const& name, std::string const& language) {
        return !name.empty() && name == request.name && (request.language.empty() || language == request.language);
    };
    bool const window = names(policy.window_template, policy.window_template_language);
    bool const named = window || names(policy.acknowledgement_template, policy.acknowledgement_template_language);
    if (auto const why = named ? std::string{} : why_not_listed(subject.account); !why.empty())
        fail(Fault::conflict, "No template can be sent but those that the configuration names: " + why);
    if (!named)
        fail(Fault::conflict, "The templates of account " + policy.name + " are not known here, so only those that the configuration "
                              "names can be sent. Ask the provider for them first: deskbridge template sync " + policy.name);
    if (request.header_attachment != 0)
        fail(Fault::malformed, "The parts of this template are not known here: it cannot be given a file.");
    TemplateCall call{request.name, window ? policy.window_template_language : policy.acknowledgement_template_language, {}};
    for (std::size_t n = 1; n <= request.values.size(); ++n) {
        auto const key = std::to_string(n);
        auto const value = std::find_if(request.values.begin(), request.values.end(), [&](auto const& pair) { return pair.first == key; });
        if (value == request.values.end())
            fail(Fault::malformed, "The parts of this template are not known here: its values are numbered from 1, without a gap.");
        call.parameters.push_back(checked_text(value->second));
    }
    OutboundContent content;
    content.text = placeholder_text(call);
    content.template_call = std::move(call);
    return content;
}

/// Of the customer, the one where they are answered first; empty: a group.
std::vector<Address> addresses_of(Work& work, Subject const& subject)
{
    std::vector<Address> known;
    if (!subject.contact)
        return known;
    known.push_back(subject.conversation.address);
    for (auto const& one : store::identities_of(work.tx, subject.contact->id))
        if (!one.valid_to && one.scope == subject.account->account.scope && one.address != known.front())
            known.push_back(one.address);
    return known;
}

} // namespace

OutboundContent template_content(Work& work, Subject const& subject, SendTemplate const& request)
{
    auto const known = store::known_templates(work.tx, subject.account->id, request.name);
    if (!known.listed)
        return unlisted(subject, request);
    auto const choice = choose_template(known.named, request.name, request.language);
    if (choice.found == nullptr)
        fail(Fault::malformed, choice.problem + " deskbridge template ls " + subject.account->policy.name + " tells which there are.");
    if (auto problem = explain_unusable(*choice.found); !problem.empty())
        fail(Fault::conflict, std::move(problem));
    if (is_marketing(*choice.found) && subject.contact && store::marketing_stopped_at(work.tx, subject.account->id, subject.contact->id))
        fail(Fault::conflict, std::string{no_marketing_wanted} + " They said so to the provider, and only they can take it back. Replies and "
                              "utility templates still go out.");
    if (is_marketing(*choice.found) && subject.contact && subject.contact->stopped_at)
        fail(Fault::conflict, std::string{no_marketing_after_stop} + " Replies and utility templates still go out.");
    std::optional<OutboundFile> header;
    if (request.header_attachment != 0)
        header = file_of(work, request.header_attachment);
    auto filled = subject.account->adapter->fill_template(*choice.found, request.values, addresses_of(work, subject), header ? &*header : nullptr);
    if (!filled)
        fail(filled.error().fault, filled.error().detail);
    return std::move(*filled);
}

namespace {

std::string asked_of(TicketId ticket, SendTemplate const& request)
{
    auto asked = "template " + number_of(ticket) + asked_part(request.name) + asked_part(request.language);
    for (auto const& [key, value] : request.values)
        asked += asked_part(key) + asked_part(value);
    if (request.header_attachment != 0)
        asked += asked_part("file") + asked_part(std::to_string(request.header_attachment));
    return asked;
}

} // namespace

TemplatePage look(Look const& look, ListTemplates const& request)
{
    auto const account = named_account(look.reading, request.account, Fault::not_found);
    auto const* context = context_of(look.parts, account);
    TemplatePage page;
    page.state = state_of(look.reading, look.parts, account);
    for (auto& row : store::list_templates(look.reading, {account.id, request.statuses, request.after, request.limit + 1}))
        page.templates.push_back(card_of(context, std::move(row)));
    if (page.templates.size() > static_cast<std::size_t>(request.limit)) {
        page.templates.pop_back();
        page.next = page.templates.back().row.id;
    }
    return page;
}

std::vector<TemplateCard> look(Look const& look, ShowTemplate const& request)
{
    auto const account = named_account(look.reading, request.account, Fault::not_found);
    std::vector<TemplateCard> cards;
    for (auto& row : store::templates_named(look.reading, account.id, request.name))
        cards.push_back(card_of(context_of(look.parts, account), std::move(row)));
    if (cards.empty())
        fail(Fault::not_found, "account " + account.as.name + " has no template \"" +
                                   shorten(clean_text(request.name), max_named_units) + "\"");
    return cards;
}

TemplateListState act(Work& work, SyncTemplates const& request)
{
    auto const account = named_account(work.tx, request.account, Fault::not_found);
    if (auto why = why_not_listed(context_of(work.parts, account)); !why.empty())
        fail(Fault::conflict, std::move(why));
    store::want_templates(work.tx, account.id, work.actor(), work.now);
    return state_of(work.tx, work.parts, account);
}

store::TimelineItem act(Work& work, SendTemplate const& request)
{
    auto const named = named_ticket(work.tx, work.parts.accounts, request.ticket).id;
    auto const key = request.client_key.empty() ? std::string{} : "desk:" + request.client_key;
    auto const asked = asked_of(named, request);
    store::Repeatable const repeatable{work.actor(), key, asked};
    if (auto earlier = repeated(work, repeatable))
        return std::move(*earlier);
    auto subject = open_subject(work, named);
    if (!subject.account)
        fail(Fault::conflict, "the account of this ticket is not configured any more: nothing can be sent");
    if (auto const barrier = barrier_before(work.tx, subject.conversation))
        fail(Fault::conflict, std::string{explain_barrier(barrier->barrier)});
    auto const message = send_as_agent(work, subject, template_content(work, subject, request), {});
    remember(work, repeatable, message);
    return item_of(work.tx, message);
}

} // namespace deskbridge::desk
