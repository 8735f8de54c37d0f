#pragma once

#include "deskbridge/core/content.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Files that go to customers: brought in by an agent, attached to a message, uploaded to a provider.
namespace deskbridge::store {

/// A file that an agent brought in. It lies in the media folder.
struct BroughtFile {
    std::int64_t attachment{0}; ///< its number, also when it has become an attachment of a message
    std::string file_name;      ///< display text, without a path
    std::string mime_type;      ///< as announced
    KeptFile file;
    Timestamp brought_at;
    MessageId message{};        ///< that it went with; 0: it waits
};

/// Gives it its number and writes attachment.brought. `brought.attachment` and `brought.message` are not looked at.
std::int64_t bring_file(Tx& tx, BroughtFile const& brought, Actor by);
/// nullopt: there is none, or it was discarded.
[[nodiscard]] std::optional<BroughtFile> find_brought_file(Reading& reading, std::int64_t attachment);
/// Files that were brought at `before` at the latest and went with no message are given up: nobody can send them any more. Oldest first,
/// at most `limit`; answers how many. Writes attachment.discarded.
int discard_files(Tx& tx, Timestamp before, int limit, Timestamp now);

/// A discarded file whose bytes may still lie in the media folder.
struct DiscardedFile {
    std::int64_t attachment{0};
    std::string sha256;
    bool shared{false}; ///< other files have the same content
};
/// After `after`, by number.
[[nodiscard]] std::vector<DiscardedFile> discarded_files(Reading& reading, std::int64_t after, int limit);
/// Their bytes are gone, or are others'.
void forget_discarded(Tx& tx, std::vector<std::int64_t> const& attachments, Timestamp now);

/// They are attachments of this message from now on, in this order. Errors: throws Rollback{conflict} if one is not there or
/// went with a message already.
void attach_files(Tx& tx, MessageId message, std::vector<OutboundFile> const& files);

/// A file of ours that a provider has.
struct ProviderFile {
    std::string external_id;
    Timestamp lives_until;
    IntentId intent; ///< for which it was uploaded
};
/// Of these bytes as this content type; nullopt: none that lives at `now`.
[[nodiscard]] std::optional<ProviderFile> find_provider_file(Reading& reading, AccountId account, OutboundFile const& file, Timestamp now);
/// Replaces what was known.
void remember_provider_file(Tx& tx, AccountId account, OutboundFile const& file, ProviderFile const& uploaded);
/// The provider refused it; answers what was known.
std::optional<ProviderFile> forget_provider_file(Tx& tx, AccountId account, OutboundFile const& file);

} // namespace deskbridge::store
