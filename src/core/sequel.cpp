#include "deskbridge/core/sequel.hpp"

namespace deskbridge {

std::string_view why_no_sequel(SequelFacts const& facts) noexcept
{
    bool const reaction = facts.kind == SequelFacts::Kind::reaction;
    if (!facts.same_chat)
        return reaction ? "a reaction to a message of another chat" : "an edit or deletion of a message of another chat";
    if (reaction)
        return {};
    if (facts.from_business)
        return facts.typed_on_phone ? "" : "an edit or deletion on the business phone of what was not typed there";
    return facts.by_customer && facts.by_sender ? "" : "an edit or deletion by somebody who did not write the message";
}

} // namespace deskbridge
