#include "channels/fixture.hpp"

#include "deskbridge/core/intent.hpp"

#include <type_traits>

namespace deskbridge::test {
namespace {

/// Leaves out what is empty, so that a fixture says only what matters.
class Rendered {
public:
    explicit Rendered(std::string_view event) : doc_(Json::object()) { doc_["event"] = event; }

    Rendered& text(std::string const& name, std::string const& value)
    {
        if (!value.empty())
            doc_[name] = value;
        return *this;
    }
    Rendered& flag(std::string const& name, bool value)
    {
        if (value)
            doc_[name] = true;
        return *this;
    }
    Rendered& at(Timestamp value)
    {
        doc_["at_ms"] = to_ms(value);
        return *this;
    }
    Rendered& people(std::string const& name, std::vector<Address> const& addresses)
    {
        for (auto const& address : addresses)
            doc_[name].push_back(address.kind + ":" + address.value);
        return *this;
    }
    Rendered& sender(Sender const& sender)
    {
        return people("from", sender.addresses).text("name", sender.name).text("username", sender.username)
            .text("country", sender.country);
    }
    Rendered& details(std::string const& json)
    {
        auto const doc = json.empty() ? Json::object() : Json::parse(json);
        if (!doc.empty())
            doc_["details"] = doc;
        return *this;
    }
    Rendered& errors(std::vector<ProviderError> const& errors)
    {
        for (auto const& error : errors) {
            Json shown{{"code", error.code}, {"title", error.title}, {"detail", error.detail}};
            if (!error.sentence.empty())
                shown["sentence"] = error.sentence;
            doc_["errors"].push_back(std::move(shown));
        }
        return *this;
    }
    Json take() { return std::move(doc_); }
    Json& doc() { return doc_; }

private:
    Json doc_;
};

void add_media(std::vector<MediaReference> const& media, Json& doc)
{
    for (auto const& file : media)
        doc["media"].push_back({{"id", file.external_id}, {"mime_type", file.mime_type}, {"file_name", file.file_name}, {"sha256", file.sha256}});
}

Json render(InboundMessage const& message)
{
    Rendered out{"message"};
    out.text("id", message.id.value).sender(message.sender).text("group", message.group).at(message.sent_at);
    out.text("kind", std::string{render_message_kind(message.kind)}).text("text", message.text);
    out.text("quoted", message.quoted ? message.quoted->value : "").text("choice_id", message.choice_id);
    out.flag("about_known_kind", message.about_known_kind).flag("opens_no_window", message.opens_no_window).flag("completes", message.completes)
        .flag("history", message.history).flag("standby", message.standby);
    if (message.referral)
        out.doc()["referral"] = {{"source_type", message.referral->source_type},
                                 {"source_id", message.referral->source_id},
                                 {"source_url", message.referral->source_url},
                                 {"headline", message.referral->headline},
                                 {"body", message.referral->body}};
    out.details(message.details);
    add_media(message.media, out.doc());
    return out.take();
}

Json render(Reaction const& reaction)
{
    Rendered out{"reaction"};
    out.text("id", reaction.id.value).sender(reaction.sender).text("target", reaction.target.value);
    out.text("emoji", reaction.emoji).at(reaction.sent_at).flag("from_business", reaction.from_business);
    out.text("group", reaction.group);
    return out.take();
}

Json render(Revision const& revision)
{
    Rendered out{revision.kind == Revision::Kind::edit ? "edit" : "deletion"};
    out.text("id", revision.id.value).sender(revision.sender).text("target", revision.target.value);
    out.text("text", revision.text).at(revision.sent_at).flag("from_business", revision.from_business);
    out.text("group", revision.group);
    add_media(revision.media, out.doc());
    return out.take();
}

std::string_view render_status(ReceiptStatus status)
{
    switch (status) {
    case ReceiptStatus::sent: return "sent";
    case ReceiptStatus::delivered: return "delivered";
    case ReceiptStatus::read: return "read";
    case ReceiptStatus::played: return "played";
    case ReceiptStatus::failed: return "failed";
    }
    return "?";
}

Json render(Receipt const& receipt)
{
    Rendered out{"receipt"};
    out.text("id", receipt.message.value).text("token", receipt.token).at(receipt.at);
    out.text("status", std::string{render_status(receipt.status)}).errors(receipt.errors);
    out.people("recipient", receipt.recipient).flag("worth_retry", receipt.worth_retry);
    if (receipt.price) {
        auto price = Json{{"category", receipt.price->category}, {"type", receipt.price->type}};
        if (receipt.price->billable)
            price["billable"] = *receipt.price->billable;
        out.doc()["price"] = std::move(price);
    }
    if (receipt.slows != NotSent::Slows::intent)
        out.doc().update({{"slows", render_slows(receipt.slows)}, {"asked_s", receipt.asked.count()}});
    if (receipt.because != Refused::Because::message)
        out.text("because", std::string{render_because(receipt.because)});
    out.text("template_status", receipt.template_status);
    return out.take();
}

Json render(Echo const& echo)
{
    Rendered out{"echo"};
    out.doc().update(render(echo.message));
    out.doc()["event"] = "echo";
    out.people("to", echo.to);
    return out.take();
}

Json render(IdentityChange const& change)
{
    Rendered out{"identity_change"};
    out.text("id", change.id.value).people("previous", change.previous).people("current", change.current);
    out.at(change.at).text("text", change.text);
    out.text("group", change.group).text("new_group", change.new_group);
    return out.take();
}

Json render(TemplateChange const& change)
{
    auto doc = Json::object();
    for (auto const& [name, value] : {std::pair{"id", change.external_id}, std::pair{"name", change.name},
                                      std::pair{"language", change.language}})
        if (!value.empty())
            doc[name] = value;
    for (auto const& [name, value] : {std::pair{"category", change.category}, std::pair{"status", change.status},
                                      std::pair{"quality", change.quality}, std::pair{"reason", change.reason}})
        if (value)
            doc[name] = *value;
    if (!change.components.empty())
        doc["components"] = Json::parse(change.components);
    return doc;
}

Json render(HealthNews const& news)
{
    auto list = Json::array();
    for (auto const& finding : news.findings) {
        Json doc{{"aspect", render_health_aspect(finding.aspect)}, {"state", finding.state}, {"severity", render_severity(finding.severity)}};
        for (auto const& [name, value] : {std::pair{"subject", finding.subject}, std::pair{"cause", finding.cause},
                                          std::pair{"next_step", finding.next_step}})
            if (!value.empty())
                doc[name] = value;
        if (finding.until)
            doc["until_ms"] = to_ms(*finding.until);
        list.push_back(std::move(doc));
    }
    return list;
}

Json render(ChannelNotice const& notice)
{
    Rendered out{"notice"};
    out.text("kind", notice.kind).at(notice.at).details(notice.details);
    if (notice.sender)
        out.sender(*notice.sender);
    if (notice.about_template)
        out.doc()["template"] = render(*notice.about_template);
    if (notice.about_health)
        out.doc()["health"] = render(*notice.about_health);
    if (auto const& reach = notice.about_reach)
        out.doc()["reach"] = {{"address", reach->address.kind + ":" + reach->address.value},
                              {"barrier", reach->barrier ? Json(render_barrier(*reach->barrier)) : Json{}}};
    if (notice.wants_marketing)
        out.doc()["wants_marketing"] = *notice.wants_marketing;
    out.flag("opens_window", notice.opens_window);
    return out.take();
}

} // namespace

Json render_event(InboundEvent const& event)
{
    auto doc = std::visit([](auto const& body) { return render(body); }, event.body);
    doc["account"] = event.account_number;
    doc["key"] = event.key;
    return doc;
}

Json render_outcome(Outcome const& outcome)
{
    auto const error = [](ProviderError const& e, std::string const& why) {
        return Json{{"code", e.code}, {"why", why}};
    };
    if (auto const* accepted = std::get_if<Accepted>(&outcome)) {
        Rendered out{"accepted"};
        out.text("id", accepted->id.value).people("aliases", accepted->aliases).flag("held", accepted->held);
        return out.take();
    }
    if (auto const* waits = std::get_if<NotSent>(&outcome)) {
        auto doc = error(waits->error, waits->why);
        doc.update({{"event", "not_sent"}, {"slows", render_slows(waits->slows)}, {"asked_s", waits->asked.count()}});
        if (waits->about_file)
            doc["about_file"] = true;
        return doc;
    }
    if (auto const* refused = std::get_if<Refused>(&outcome)) {
        auto doc = error(refused->error, refused->why);
        doc.update({{"event", "refused"}, {"because", render_because(refused->because)}});
        if (!refused->template_status.empty())
            doc["template_status"] = refused->template_status;
        return doc;
    }
    auto const& unknown = std::get<Unknown>(outcome);
    auto doc = error(unknown.error, unknown.why);
    doc["event"] = "unknown";
    return doc;
}

std::string_view render_slows(NotSent::Slows slows)
{
    switch (slows) {
    case NotSent::Slows::intent: return "intent";
    case NotSent::Slows::pair: return "pair";
    case NotSent::Slows::account: return "account";
    case NotSent::Slows::proactive: return "proactive";
    }
    return {};
}

} // namespace deskbridge::test
