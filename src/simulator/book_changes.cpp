#include "book.hpp"

#include <algorithm>

namespace deskbridge::simulator {

using namespace std::chrono_literals;

namespace {

bool moves_window(Message const& message)
{
    return !message.from_business && message.type != "reaction" && message.type != "system" &&
           message.type != "unsupported";
}

/// Source: Meta, "Pricing on the WhatsApp Business Platform", free entry points, read 2026-11.
void note_entry(Customer& customer, Message const& message)
{
    if (!message.from_business && !message.referral.is_null()) {
        customer.free_entries.insert_or_assign(message.number, FreeEntry{message.at, std::nullopt});
        return;
    }
    auto const entry = customer.free_entries.find(message.number);
    bool const answers = message.from_business && !message.price.is_null(); // what is typed on the phone has none
    if (answers && entry != customer.free_entries.end() && !entry->second.until)
        entry->second.until = entry->second.end_for(message.at);
}

/// Of messages and of history: the moment is the provider's.
void note_written(Customer& customer, Message const& message)
{
    auto const [known, fresh] = customer.last_written.try_emplace(message.number, message.at);
    if (!fresh && known->second < message.at)
        known->second = message.at;
}

} // namespace

std::optional<Timestamp> FreeEntry::end_for(Timestamp now) const
{
    if (until)
        return now < *until ? until : std::nullopt;
    return now < asked + 24h ? std::optional{now + 72h} : std::nullopt;
}

std::optional<Timestamp> Customer::written_to(std::string const& number) const
{
    auto const found = last_written.find(number);
    return found == last_written.end() ? std::nullopt : std::optional{found->second};
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
        apply_media(change);
    } else if (auto const* customer = at(change, {"customer"}); customer && what == "customer") {
        apply_customer(*customer);
    } else if (auto const* group = at(change, {"group"}); group && what == "group") {
        apply_group(*group);
    }
}

void Book::apply_media(Json const& change)
{
    auto const text = [&](std::string_view key) { return text_at(change, {key}).value_or(""); };
    Media const media{text("id"),
                      text("mime_type"),
                      text("name"),
                      text("sha256_hex"),
                      text("sha256_base64"),
                      static_cast<std::size_t>(int_at(change, {"size"}).value_or(0)),
                      from_ms(int_at(change, {"expires_ms"}).value_or(0)),
                      text("number")};
    media_.insert_or_assign(media.id, media);
}

void Book::apply_customer(Json const& doc)
{
    auto customer = customer_from(doc);
    auto const [entry, fresh] = by_id_.try_emplace(customer.id, customers_.size());
    if (fresh)
        customers_.emplace_back();
    auto& kept = customers_[entry->second];
    by_phone_.erase(kept.phone);
    by_user_id_.erase(kept.user_id);
    static_cast<Person&>(kept) = std::move(customer);
    by_phone_.insert_or_assign(kept.phone, entry->second);
    by_user_id_.insert_or_assign(kept.user_id, entry->second);
}

void Book::apply_group(Json const& doc)
{
    auto group = group_from(doc);
    auto const [entry, fresh] = group_by_id_.try_emplace(group.id, groups_.size());
    if (fresh)
        groups_.emplace_back();
    auto& kept = groups_[entry->second];
    group.messages = std::move(kept.messages);
    group.last_written = kept.last_written;
    kept = std::move(group);
}

void Book::apply_message(Json const& change)
{
    auto const* doc = at(change, {"message"});
    auto const in_chat = by_id_.find(text_at(change, {"customer_id"}).value_or(""));
    auto const in_group = group_by_id_.find(text_at(change, {"group_id"}).value_or(""));
    if ((in_chat == by_id_.end() && in_group == group_by_id_.end()) || !doc)
        return;
    auto message = message_from(*doc);
    if (message.number.empty())
        message.number = first_number_;
    if (in_group != group_by_id_.end()) {
        auto& group = groups_[in_group->second];
        if (moves_window(message))
            group.last_written = std::max(group.last_written.value_or(message.at), message.at);
        messages_.insert_or_assign(message.id, Place{true, in_group->second, group.messages.size()});
        group.messages.push_back(std::move(message));
        return;
    }
    auto& customer = customers_[in_chat->second];
    if (moves_window(message))
        note_written(customer, message);
    note_entry(customer, message);
    messages_.insert_or_assign(message.id, Place{false, in_chat->second, customer.messages.size()});
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
