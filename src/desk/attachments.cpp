#include "work.hpp"

#include "deskbridge/core/media.hpp"
#include "deskbridge/core/text.hpp"
#include "deskbridge/store/idempotency.hpp"

#include <charconv>

namespace deskbridge::desk {

namespace {

store::Attachment found_attachment(store::Reading& reading, std::int64_t number)
{
    auto attachment = store::find_attachment(reading, number);
    if (!attachment)
        fail(Fault::not_found, "there is no attachment " + std::to_string(number));
    return std::move(*attachment);
}

constexpr std::size_t max_name_units = 200;

/// "C:\offers\offer.pdf" is "offer.pdf", on one line.
std::string checked_file_name(std::string_view name)
{
    auto const slash = name.find_last_of("/\\");
    auto const bare = slash == std::string_view::npos ? name : name.substr(slash + 1);
    return shorten(one_line(bare), max_name_units);
}

} // namespace

store::BroughtFile act(Work& work, BringFile const& request)
{
    if (request.file.size == 0)
        fail(Fault::malformed, "the file is empty");
    auto const name = checked_file_name(request.file_name);
    auto const asked = "bring " + request.file.sha256 + " " + request.file.content_type + " " + name;
    auto const key = request.client_key.empty() ? std::string{} : "desk:" + request.client_key;
    store::Repeatable const repeatable{work.actor(), key, asked};
    std::int64_t number = 0;
    if (auto const earlier = key.empty() ? std::nullopt : store::find_repeated(work.tx, repeatable)) {
        std::from_chars(earlier->data(), earlier->data() + earlier->size(), number);
    } else {
        number = store::bring_file(work.tx, {0, name, request.mime_type, request.file, work.now}, work.actor());
        if (!key.empty())
            store::remember_request(work.tx, repeatable, std::to_string(number), work.now);
    }
    auto brought = store::find_brought_file(work.tx, number);
    if (!brought)
        fail(Fault::not_found, "there is no such file");
    return std::move(*brought);
}

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
