#include "send_rules.hpp"

namespace deskbridge::simulator {

Verdict judge_send(SendRequest const& send, SendFacts const& facts)
{
    if (!facts.number_has_room)
        return GraphError{130429, "Cloud API message throughput has been reached."};
    if (facts.recipient_is_sender)
        return GraphError{131021, "Recipient phone number cannot be the sender's."};
    if (!facts.group_open) // which of the codes for groups it is nobody documents in public
        return GraphError{131020, "The group does not exist, or this number cannot write to it."};
    if (facts.recipient_blocked)
        return GraphError{130403, "You have blocked this user."};
    if (!facts.pair_has_room)
        return GraphError{131056, "Message failed to send because there were too many messages sent from this phone "
                                  "number to the same phone number in a short period of time."};
    if (facts.template_fault)
        return *facts.template_fault;
    if (!facts.reach_has_room)
        return GraphError{131048, "This business has written first to as many people within a day as it may."};
    if (send.recipient.form == Recipient::Form::user_id_as_phone)
        return Taken{std::nullopt, true};
    if (!facts.recipient_known)
        return Taken{LateError{131026, "Message undeliverable."}};
    if (facts.opted_out)
        return Taken{LateError{131050, "The user has stopped receiving marketing messages from your business."}};
    if (!facts.media_known && facts.refuse_unknown_media)
        return GraphError{100, "The media id does not exist or has expired."};
    if (!facts.media_known)
        return Taken{LateError{131053, "The media id does not exist or has expired."}};
    if (!facts.media_objection.empty())
        return Taken{LateError{131053, facts.media_objection}};
    if (!facts.window_open && send.type != "template") {
        std::string const why = "Message failed to send because more than 24 hours have passed since the customer "
                                "last replied to this number.";
        if (facts.refuse_closed_window)
            return GraphError{131047, why};
        return Taken{LateError{131047, why}};
    }
    return Taken{};
}

} // namespace deskbridge::simulator
