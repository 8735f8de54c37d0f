#pragma once

#include "customer.hpp"
#include "line_file.hpp"

#include <functional>
#include <map>
#include <unordered_map>

namespace deskbridge::simulator {

/// A file that was sent by a customer or uploaded by the business; the bytes are in media/<id>.
struct Media {
    std::string id;
    std::string mime_type;
    std::string name{};
    std::string sha256_hex{};
    std::string sha256_base64{};
    std::size_t size{0};
    Timestamp expires{};
    std::string number{}; ///< that it was uploaded for: no other can send it; empty: any
};

/// All chats and groups, kept as the sequence of their changes in one append-only file.
///
/// Every change goes the same way: written, applied, then told to `on_change`; reading the file again applies the
/// same lines. Pointers and references into it are valid until the next change.
/// Threads: the reactor.
class Book {
public:
    /// `first_number`: whose messages are that name none.
    explicit Book(std::string first_number = {}) : first_number_{std::move(first_number)} {}

    [[nodiscard]] Result<void> open(std::filesystem::path const& path, bool sync);
    [[nodiscard]] bool healthy() const noexcept { return file_ && file_->healthy(); }

    [[nodiscard]] std::vector<Customer const*> customers() const; ///< in the order they came
    [[nodiscard]] Customer const* find_customer(std::string_view id) const;
    /// Also by another way to dial it.
    [[nodiscard]] Customer const* find_phone(std::string_view digits) const;
    [[nodiscard]] Customer const* find_user_id(std::string_view user_id, std::string_view portfolio = {}) const;
    /// Whose chat with the business it stands in; null for a group's.
    [[nodiscard]] Customer const* owner_of(std::string_view message_id) const;
    [[nodiscard]] std::vector<Group const*> groups() const;
    [[nodiscard]] Group const* find_group(std::string_view id) const;
    [[nodiscard]] Message const* find_message(std::string_view message_id) const;
    [[nodiscard]] Media const* find_media(std::string_view id) const;
    [[nodiscard]] std::chrono::milliseconds clock_offset() const noexcept { return clock_offset_; }

    void save_customer(Person const& customer); ///< new or changed; its messages stay
    void save_group(Group const& group);          ///< the same
    void add_message(std::string const& customer_id, Message const& message);
    /// `message.group` says which.
    void add_group_message(Message const& message);
    /// Any of status, error, content, edited, revoked, reaction_of_customer, reaction_of_business, reached, read_by.
    void change_message(std::string const& message_id, Json const& fields);
    /// A status that is higher than the present one; a lower one changes nothing.
    void raise_status(std::string const& message_id, Message::Status status);
    void add_media(Media const& media);
    void set_clock_offset(std::chrono::milliseconds offset);

    std::function<void(Json const& change)> on_change{};

private:
    void record(Json const& change);
    void apply(Json const& change);
    void apply_customer(Json const& doc);
    void apply_group(Json const& doc);
    void apply_message(Json const& change);
    void apply_media(Json const& change);
    void apply_fields(Json const& change);
    [[nodiscard]] Message* message(std::string_view id);

    struct Place {
        bool in_group;
        std::size_t chat; ///< of customers_ or groups_
        std::size_t message;
    };
    std::string first_number_;
    std::optional<LineFile> file_;
    std::vector<Customer> customers_;
    std::vector<Group> groups_;
    std::unordered_map<std::string, std::size_t> group_by_id_;
    std::unordered_map<std::string, std::size_t> by_id_;
    std::unordered_map<std::string, std::size_t> by_phone_;
    std::unordered_map<std::string, std::size_t> by_user_id_;
    std::unordered_map<std::string, Place> messages_;
    std::unordered_map<std::string, Media> media_;
    std::chrono::milliseconds clock_offset_{0};
};

} // namespace deskbridge::simulator
