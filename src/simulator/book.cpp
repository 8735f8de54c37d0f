#include "book.hpp"

namespace deskbridge::simulator {
namespace {

/// Failed is final; otherwise accepted < sent < delivered < read.
int rank(Message::Status status) noexcept
{
    switch (status) {
    case Message::Status::accepted: return 0;
    case Message::Status::sent: return 1;
    case Message::Status::delivered: return 2;
    case Message::Status::read: return 3;
    case Message::Status::failed: return 4;
    }
    return 0;
}

bool moves_window(Message const& message)
{
    return !message.from_business && message.type != "reaction" && message.type != "system" &&
           message.type != "unsupported";
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
    return index ? &customers_[*index] : nullptr;
}

Customer const* Book::find_user_id(std::string_view user_id) const
{
    auto const* index = find_in(by_user_id_, user_id);
    return index ? &customers_[*index] : nullptr;
}

Customer const* Book::owner_of(std::string_view message_id) const
{
    auto const* place = find_in(messages_, message_id);
    return place ? &customers_[place->customer] : nullptr;
}

Message const* Book::find_message(std::string_view message_id) const
{
    auto const* place = find_in(messages_, message_id);
    return place ? &customers_[place->customer].messages[place->message] : nullptr;
}

Media const* Book::find_media(std::string_view id) const
{
    return find_in(media_, id);
}

Message* Book::message(std::string_view id)
{
    auto const* place = find_in(messages_, id);
    return place ? &customers_[place->customer].messages[place->message] : nullptr;
}

void Book::save_customer(Customer const& customer)
{
    record(Json{{"change", "customer"}, {"customer", to_json(customer)}});
}

void Book::add_message(std::string const& customer_id, Message const& message)
{
    record(Json{{"change", "message"}, {"customer_id", customer_id}, {"message", to_json(message)}});
}

void Book::change_message(std::string const& message_id, Json const& fields)
{
    auto const* owner = owner_of(message_id);
    if (!owner)
        return;
    record(Json{{"change", "fields"}, {"customer_id", owner->id}, {"message_id", message_id}, {"fields", fields}});
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
                {"expires_ms", to_ms(media.expires)}});
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

void Book::apply(Json const& change)
{
    auto const what = text_at(change, {"change"}).value_or("");
    if (what == "message") {
        apply_message(change);
    } else if (what == "fields") {
        apply_fields(change);
    } else if (what == "clock") {
        clock_offset_ = std::chrono::milliseconds{int_at(change, {"offset_ms"}).value_or(0)};
    } else if (what == "media") {
        auto const text = [&](std::string_view key) { return text_at(change, {key}).value_or(""); };
        Media const media{text("id"),
                          text("mime_type"),
                          text("name"),
                          text("sha256_hex"),
                          text("sha256_base64"),
                          static_cast<std::size_t>(int_at(change, {"size"}).value_or(0)),
                          from_ms(int_at(change, {"expires_ms"}).value_or(0))};
        media_.insert_or_assign(media.id, media);
    } else if (auto const* doc = at(change, {"customer"}); doc && what == "customer") {
        auto customer = customer_from(*doc);
        auto const [entry, fresh] = by_id_.try_emplace(customer.id, customers_.size());
        if (fresh)
            customers_.emplace_back();
        auto& kept = customers_[entry->second];
        by_phone_.erase(kept.phone);
        by_user_id_.erase(kept.user_id);
        customer.messages = std::move(kept.messages);
        kept = std::move(customer);
        by_phone_.insert_or_assign(kept.phone, entry->second);
        by_user_id_.insert_or_assign(kept.user_id, entry->second);
    }
}

void Book::apply_message(Json const& change)
{
    auto const* index = find_in(by_id_, text_at(change, {"customer_id"}).value_or(""));
    auto const* doc = at(change, {"message"});
    if (!index || !doc)
        return;
    auto& customer = customers_[*index];
    auto message = message_from(*doc);
    if (moves_window(message) && (!customer.last_written || *customer.last_written < message.at))
        customer.last_written = message.at;
    messages_.insert_or_assign(message.id, Place{*index, customer.messages.size()});
    customer.messages.push_back(std::move(message));
}

void Book::apply_fields(Json const& change)
{
    auto* changed = message(text_at(change, {"message_id"}).value_or(""));
    auto const* fields = at(change, {"fields"});
    if (!changed || !fields || !fields->is_object())
        return;
    auto doc = to_json(*changed);
    doc.update(*fields);
    *changed = message_from(doc);
}

} // namespace deskbridge::simulator
