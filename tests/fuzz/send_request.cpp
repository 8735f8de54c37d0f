#include "fuzz/target.hpp"

#include "simulator/send_request.hpp"

namespace deskbridge::fuzz {

/// The body of a send as the simulator reads it: an error in the provider's words, or a message whose form is right.
void send_request(std::string_view input)
{
    auto const reading = simulator::read_send(input);
    if (auto const* mark = std::get_if<simulator::MarkRead>(&reading))
        must(!mark->message_id.empty(), "nothing was read");
    if (auto const* send = std::get_if<simulator::SendRequest>(&reading)) {
        must(!send->type.empty() && !send->recipient.value.empty(), "a message of no kind, or to nobody");
        must(simulator::utf16_length(send->callback_data) <= 512, "more is echoed than the provider does");
        for (auto const& use : simulator::media_used_by(*send))
            must(!use.as.empty(), "a file as nothing");
        (void)simulator::render_json(send->content);
    }
}

} // namespace deskbridge::fuzz
