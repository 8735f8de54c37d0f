#pragma once

#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/media_folder.hpp"
#include "deskbridge/store/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// A file of a message, with all that fetching it needs. Its number is `media.id`.
struct Attachment {
    Media media;
    MessageId message;
    AccountId account;
    ConversationId conversation;
    TicketId ticket;
    Timestamp received_at; ///< of its message
    int attempts{0};       ///< that failed so far
};

/// What is to be fetched for an account now, the longest due first.
[[nodiscard]] std::vector<Attachment> due_attachments(Reading& reading, AccountId account, Timestamp now, int limit);
/// When the next of its files is due that is not due at `now`; nullopt: there is none.
[[nodiscard]] std::optional<Timestamp> next_attachment_due(Reading& reading, AccountId account, Timestamp now);
[[nodiscard]] std::optional<Attachment> find_attachment(Reading& reading, std::int64_t number);
/// Files that wait to be fetched, of all accounts.
[[nodiscard]] std::int64_t count_waiting_attachments(Reading& reading);

/// A file that lies in the media folder, durably.
struct KeptFile {
    std::string sha256; ///< lower hex; names the file
    std::uint64_t size{0};
    std::string content_type; ///< what its bytes say
    std::string form{};       ///< and `form_of` them
};

/// Keeps a complete draft, as what its bytes say that it is. Blocks for as long as the disk takes. Errors: storage.
[[nodiscard]] Result<KeptFile> keep_file(MediaDraft& draft, std::string_view announced_type);

// All of these do nothing, and answer false, when the file does not wait (any more).

/// The file is here. Writes attachment.fetched.
bool keep_attachment(Tx& tx, Attachment const& attachment, KeptFile const& file, Timestamp now);
/// Another failed attempt; the next one is due at `next_at`.
bool postpone_attachment(Tx& tx, Attachment const& attachment, std::string_view reason, Timestamp next_at);
/// `state`: failed or expired. Writes attachment.failed.
bool give_up_attachment(Tx& tx, Attachment const& attachment, std::string_view state, std::string_view reason, Timestamp now);

/// Somebody wants it tried again, now and with all its attempts. Writes attachment.requested. Errors: throws
/// Rollback{conflict} if it is here already.
void request_attachment(Tx& tx, Attachment const& attachment, Actor by, Timestamp now);
/// What waits for that reason is due now; answers how many.
std::int64_t hasten_attachments(Tx& tx, AccountId account, std::string_view reason, Timestamp now);

} // namespace deskbridge::store
