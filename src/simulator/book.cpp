#include "book.hpp"

#include "number_variants.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

/// Failed is final; otherwise accepted < sent < delivered < read < played.
int rank(Message::Status status) noexcept
{
    switch (status) {
    case Message::Status::accepted: return 0;
    case Message::Status::sent: return 1;
    case Message::Status::delivered: return 2;
    case Message::Status::read: return 3;
    case Message::Status::played: return 4;
    case Message::Status::failed: return 5;
    }
    return 0;
}

template <class Map>
auto const* find_in(Map const& map, std::string_view key)
{
    auto const found = map.find(std::string{key});
    return found == map.end() ? nullptr : &found->second;
}

} // namespace

Result<void> Book::open(std::filesystem::path const& path, bool sync)
{
    auto const each = [this](Json const& change) { apply(change); };
    auto file = LineFile::open(path, sync, each);
    if (!file)
        return file.error();
    file_.emplace(std::move(*file));
    return {};
}

std::vector<Customer const*> Book::customers() const
{
    std::vector<Customer const*> all;
    for (auto const& customer : customers_)
        all.push_back(&customer);
    return all;
}

Customer const* Book::find_customer(std::string_view id) const
{
    auto const* index = find_in(by_id_, id);
    return index ? &customers_[*index] : nullptr;
}

Customer const* Book::find_phone(std::string_view digits) const
{
    auto const* index = find_in(by_phone_, digits);
    for (auto const& other : variants_of(digits))
        index = index ? index : find_in(by_phone_, other);
    return index ? &customers_[*index] : nullptr;
}

Customer const* Book::find_user_id(std::string_view user_id, std::string_view portfolio) const
{
    if (!portfolio.empty()) {
        auto const same = [&](Customer const& one) { return user_id_in(one, portfolio) == user_id; };
        auto const found = std::find_if(customers_.begin(), customers_.end(), same);
        return found == customers_.end() ? nullptr : &*found;
    }
    auto const* index = find_in(by_user_id_, user_id);
    return index ? &customers_[*index] : nullptr;
}

Customer const* Book::owner_of(std::string_view message_id) const
{
    auto const* place = find_in(messages_, message_id);
    return place && !place->in_group ? &customers_[place->chat] : nullptr;
}

std::vector<Group const*> Book::groups() const
{
    std::vector<Group const*> all;
    for (auto const& group : groups_)
        all.push_back(&group);
    return all;
}

Group const* Book::find_group(std::string_view id) const
{
    auto const* index = find_in(group_by_id_, id);
    return index ? &groups_[*index] : nullptr;
}

Message const* Book::find_message(std::string_view message_id) const
{
    auto const* place = find_in(messages_, message_id);
    if (!place)
        return nullptr;
    return place->in_group ? &groups_[place->chat].messages[place->message] : &customers_[place->chat].messages[place->message];
}

Media const* Book::find_media(std::string_view id) const
{
    return find_in(media_, id);
}

Message* Book::message(std::string_view id)
{
    auto const* place = find_in(messages_, id);
    if (!place)
        return nullptr;
    return place->in_group ? &groups_[place->chat].messages[place->message] : &customers_[place->chat].messages[place->message];
}

void Book::save_customer(Person const& customer)
{
    record(Json{{"change", "customer"}, {"customer", to_json(customer)}});
}

void Book::save_group(Group const& group)
{
    record(Json{{"change", "group"}, {"group", to_json(group)}});
}

void Book::add_message(std::string const& customer_id, Message const& message)
{
    record(Json{{"change", "message"}, {"customer_id", customer_id}, {"message", to_json(message)}});
}

void Book::add_group_message(Message const& message)
{
    record(Json{{"change", "message"}, {"group_id", message.group}, {"message", to_json(message)}});
}

void Book::change_message(std::string const& message_id, Json const& fields)
{
    auto const* place = find_in(messages_, message_id);
    if (!place)
        return;
    Json change{{"change", "fields"}, {"message_id", message_id}, {"fields", fields}};
    if (place->in_group)
        change["group_id"] = groups_[place->chat].id;
    else
        change["customer_id"] = customers_[place->chat].id;
    record(change);
}

void Book::raise_status(std::string const& message_id, Message::Status status)
{
    auto const* found = find_message(message_id);
    if (found && rank(status) > rank(found->status))
        change_message(message_id, Json{{"status", name_of(status)}});
}

void Book::add_media(Media const& media)
{
    record(Json{{"change", "media"},
                {"id", media.id},
                {"mime_type", media.mime_type},
                {"name", media.name},
                {"sha256_hex", media.sha256_hex},
                {"sha256_base64", media.sha256_base64},
                {"size", media.size},
                {"expires_ms", to_ms(media.expires)},
                {"number", media.number}});
}

void Book::set_clock_offset(std::chrono::milliseconds offset)
{
    record(Json{{"change", "clock"}, {"offset_ms", offset.count()}});
}

void Book::record(Json const& change)
{
    if (file_)
        file_->append(change);
    apply(change);
    if (on_change)
        on_change(change);
}

} // namespace deskbridge::simulator
