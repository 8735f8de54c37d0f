#include "work.hpp"

#include "deskbridge/core/media.hpp"

namespace deskbridge::desk {

namespace {

store::Attachment found_attachment(store::Reading& reading, std::int64_t number)
{
    auto attachment = store::find_attachment(reading, number);
    if (!attachment)
        fail(Fault::not_found, "there is no attachment " + std::to_string(number));
    return std::move(*attachment);
}

} // namespace

store::Attachment look(Look const& look, OpenAttachment const& request)
{
    auto attachment = found_attachment(look.reading, request.attachment);
    auto const& media = attachment.media;
    if (media.state == "recorded")
        fail(Fault::conflict, media.reason.empty() ? std::string{"the file is being fetched"}
                                                   : "the file is not here yet: " + std::string{explain_media_problem(media.reason)});
    if (media.state != "fetched")
        fail(Fault::conflict, std::string{explain_media_problem(media.reason)});
    return attachment;
}

store::TimelineItem act(Work& work, RetryAttachment const& request)
{
    auto const attachment = found_attachment(work.tx, request.attachment);
    if (!channel::find_account(work.parts.accounts, attachment.account))
        fail(Fault::conflict, "its account is not configured any more, so nothing can be fetched for it");
    store::request_attachment(work.tx, attachment, work.actor(), work.now);
    return item_of(work.tx, attachment.message);
}

} // namespace deskbridge::desk
