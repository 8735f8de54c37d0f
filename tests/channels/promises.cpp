#include "channels/conformance.hpp"

#include "deskbridge/core/text.hpp"

namespace deskbridge::test {
namespace {

constexpr std::size_t longest_id = 512;

bool is_id(ExternalMessageId const& id)
{
    return !id.value.empty() && id.value.size() <= longest_id;
}

std::string promise_of(InboundMessage const& message)
{
    if (!is_id(message.id))
        return "a message without id";
    if (message.text.empty() && message.media.empty() && message.kind != MessageKind::text)
        return "a message with nothing to see in it";
    return message.kind == MessageKind::placeholder && !message.media.empty() ? "a placeholder with files" : "";
}

struct Judge {
    std::string operator()(InboundMessage const& message) const
    {
        return message.sender.addresses.empty() ? "a message without a sender" : promise_of(message);
    }
    std::string operator()(Echo const& echo) const
    {
        return echo.to.empty() && echo.message.group.empty() ? "an echo without a recipient" : promise_of(echo.message);
    }
    std::string operator()(Reaction const& reaction) const { return about_another(reaction); }
    std::string operator()(Revision const& revision) const { return about_another(revision); }
    std::string operator()(Receipt const& receipt) const
    {
        return receipt.message.value.empty() && receipt.token.empty() ? "a receipt for no message" : "";
    }
    std::string operator()(IdentityChange const& change) const { return is_id(change.id) ? "" : "an identity change without id"; }
    std::string operator()(ChannelNotice const& notice) const { return notice.kind.empty() ? "a notice of no kind" : ""; }

    template <class Event>
    static std::string about_another(Event const& event)
    {
        if (!is_id(event.id) || !is_id(event.target))
            return "a reaction or revision without id or target";
        return event.sender.addresses.empty() && event.group.empty() ? "a reaction or revision by nobody" : "";
    }
};

} // namespace

std::string broken_promise(InboundEvent const& event)
{
    if (event.key.empty())
        return "an event without a key";
    auto const text = render_event(event).dump(-1, ' ', false, Json::error_handler_t::ignore);
    if (first_malformed(event.key) || text.find("\\u0000") != std::string::npos)
        return "an event with NUL, or a key that is no UTF-8";
    return std::visit(Judge{}, event.body);
}

} // namespace deskbridge::test
