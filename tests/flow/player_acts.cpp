#include "player.hpp"

#include "deskbridge/core/content.hpp"

namespace deskbridge::test {

using nlohmann::json;

namespace {

json media(std::string const& mime)
{
    return {{"id", "media-1"}, {"mime_type", mime}, {"sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}};
}

/// What `mara sends KIND: caption` posts.
json file_of(std::string const& kind, std::string const& caption)
{
    json out{{"type", kind}};
    auto& content = out[kind];
    if (kind == "image" || kind == "video")
        content = media(kind + "/jpeg");
    else if (kind == "document")
        content = media("application/pdf");
    else if (kind == "sticker")
        content = media("image/webp");
    else if (kind == "location")
        content = {{"latitude", 52.5}, {"longitude", 13.4}};
    else if (kind == "contacts")
        content = json::array({{{"name", {{"formatted_name", "Jo"}}}}});
    else if (kind == "order")
        content = {{"catalog_id", "c"}, {"product_items", json::array()}};
    else if (kind == "voice") {
        out = {{"type", "audio"}, {"audio", media("audio/ogg")}};
        out["audio"]["voice"] = true;
    } else
        out = {{"type", "unsupported"}, {"unsupported", {{"type", kind}}}, {"errors", json::array({{{"code", 131051}}})}};
    if (!caption.empty() && out.contains(kind))
        out[kind]["caption"] = caption;
    return out;
}

/// "#3": where the message is now.
std::string number_of_ticket(World& world, MessageId id)
{
    auto const ticket = world.store.read([&](store::Reading& reading) { return store::find_message(reading, id)->ticket; });
    return "#" + std::to_string(ticket.value);
}

} // namespace

std::string Player::new_external_id(Line const& line)
{
    auto const id = line.label.empty() ? "wamid.IN" + std::to_string(++numbered_) : "wamid." + line.label;
    if (!line.label.empty())
        external_[line.label] = id;
    return id;
}

Number Player::number_of(Line const& line) const
{
    auto const account = line.option("to").value_or("support");
    return {world.account(account).account.setting("phone_number_id").data()};
}

void Player::post(Line const& line, json const& change)
{
    batch_.push_back(change);
    if (line.option("batch"))
        return;
    auto const body = webhook(batch_);
    batch_.clear();
    posted_.push_back(body);
    if (!line.label.empty())
        bodies_[line.label] = body;
    for (int times = line.option("twice") ? 2 : 1; times > 0; --times)
        if (auto const answer = world.deliver(body); answer.status != 200)
            throw Unmet{"the webhook was answered " + std::to_string(answer.status)};
}

json Player::tap_of(Line const& line)
{
    auto const shown = world.store.read([&](store::Reading& reading) { return *store::find_message(reading, message(line.word(2))); });
    auto const content = parse_content(shown.details);
    if (!content)
        throw Unmet{"that message has nothing to tap"};
    auto const& choices = content->list ? content->list->rows : content->buttons;
    auto const& choice = choices.at(std::stoul(line.word(3)) - 1);
    auto const* kind = content->list ? "list_reply" : "button_reply";
    return {{"type", "interactive"},
            {"interactive", {{"type", kind}, {kind, {{"id", choice.id}, {"title", choice.title}}}}},
            {"context", {{"id", external_id(line.word(2))}}}};
}

/// What is said about an earlier message; nullopt: `verb` is none of these.
std::optional<json> Player::sequel_of(Line const& line, std::size_t at)
{
    auto const verb = line.words.size() > at ? line.words[at] : std::string{};
    if (verb == "reacts")
        return json{{"type", "reaction"}, {"reaction", {{"message_id", external_id(line.word(at + 1))}, {"emoji", line.word(at + 2)}}}};
    if (verb == "unreacts")
        return json{{"type", "reaction"}, {"reaction", {{"message_id", external_id(line.word(at + 1))}}}};
    if (verb == "edits")
        return json{{"type", "edit"},
                    {"edit", {{"original_message_id", external_id(line.word(at + 1))},
                              {"message", {{"type", "text"}, {"text", {{"body", expanded(line.text)}}}}}}}};
    if (verb == "deletes")
        return json{{"type", "revoke"}, {"revoke", {{"original_message_id", external_id(line.word(at + 1))}}}};
    return std::nullopt;
}

json Player::content_of(Line const& line)
{
    auto const verb = line.words.size() > 1 ? line.words[1] : std::string{};
    if (auto sequel = sequel_of(line, 1))
        return std::move(*sequel);
    if (verb == "sends")
        return file_of(line.word(2), expanded(line.text));
    if (verb == "taps")
        return tap_of(line);
    if (verb == "presses")
        return {{"type", "button"}, {"button", {{"payload", line.word(2)}, {"text", line.text}}}};
    if (!verb.empty() && verb != "writes")
        throw std::runtime_error{"customers do not do that: " + verb};
    return {{"type", "text"}, {"text", {{"body", expanded(line.text)}}}};
}

void Player::customer_acts(Line const& line, Customer& customer)
{
    if (line.is(1, "moves") || line.is(1, "rekeys"))
        return change_number(line, customer);
    auto const late = parse_duration(line.option("late").value_or("0s"));
    auto const ahead = parse_duration(line.option("ahead").value_or("0s"));
    auto message = message_of(customer, new_external_id(line), world.now() - late + ahead);
    if (auto const told = line.option("told"))
        message["timestamp"] = *told;
    message.update(content_of(line));
    if (auto const quoted = line.option("quotes"))
        message["context"] = {{"id", external_id(*quoted)}};
    if (line.is(1, "writes"))
        message["group_id"] = line.word(2);
    else if (auto const group = line.option("in"))
        message["group_id"] = *group;
    post(line, messages_change(number_of(line), customer, json::array({message})));
}

void Player::change_number(Line const& line, Customer& customer)
{
    auto message = message_of(customer, new_external_id(line), world.now());
    message["type"] = "system";
    if (line.is(1, "rekeys")) {
        message["system"] = {{"type", "user_identity_changed"}, {"body", "security code changed"}, {"identity", {{"hash", "h"}}}};
    } else {
        customer.phone = line.word(2);
        customer.user_id = "XX." + customer.phone;
        message["system"] = {{"type", "user_changed_number"},
                             {"body", "changed the number"},
                             {"wa_id", customer.phone},
                             {"user_id", customer.user_id}};
    }
    post(line, change("messages", number_of(line), {{"messages", json::array({message})}}));
}

void Player::provider_acts(Line const& line)
{
    if (line.is(0, "receipt"))
        return give_receipt(line);
    if (line.is(0, "redeliver")) {
        if (world.deliver(bodies_.at(line.word(1))).status != 200)
            throw Unmet{"not answered 200"};
        return;
    }
    if (line.is(0, "provider")) {
        world.offline = line.is(1, "offline");
        return;
    }
    auto const& customer = customers_.at(line.word(1));
    json echo{{"id", new_external_id(line)},
              {"from", "49301234567"},
              {"to_user_id", customer.user_id},
              {"timestamp", std::to_string(to_ms(world.now()) / 1000)}};
    if (auto const sequel = sequel_of(line, 2))
        echo.update(*sequel);
    else
        echo.update({{"type", "text"}, {"text", {{"body", expanded(line.text)}}}});
    if (!customer.phone.empty())
        echo["to"] = customer.phone;
    if (auto const quoted = line.option("quotes"))
        echo["context"] = {{"id", external_id(*quoted)}};
    if (auto const own = line.option("of"))
        echo["id"] = external_id(*own);
    post(line, change("smb_message_echoes", number_of(line), {{"message_echoes", json::array({echo})}}));
}

void Player::give_receipt(Line const& line)
{
    auto const code = line.words.size() > 3 ? std::stoi(line.words[3]) : 0;
    auto const status = status_of(external_id(line.word(1)), line.word(2), world.now(), code);
    post(line, change("messages", number_of(line), {{"statuses", json::array({status})}}));
}

void Player::agent_acts(Line const& line)
{
    auto const& agent = line.word(1);
    auto const& verb = line.word(2);
    if (verb == "replies") {
        desk::Reply reply;
        reply.ticket = ticket(line.word(3)).reference;
        reply.text = expanded(line.text);
        if (auto const quoted = line.option("quotes"))
            reply.quote = message(*quoted);
        auto const item = world.perform(agent, reply);
        if (!line.label.empty())
            own_[line.label] = messages(true, told_).back().id;
        (void)item;
    } else if (verb == "notes") {
        desk::Note note;
        note.ticket = ticket(line.word(3)).reference;
        note.text = line.text;
        (void)world.perform(agent, note);
    } else if (verb == "moves" || verb == "splits" || verb == "undoes") {
        auto const id = message(line.word(3));
        if (verb == "moves")
            (void)world.perform(agent, desk::MoveMessage{id, ticket(line.word(4)).reference});
        else if (verb == "splits")
            (void)world.perform(agent, desk::Split{number_of_ticket(world, id), {id}});
        else
            (void)world.perform(agent, desk::UndoPlacement{id});
    } else {
        agent_changes(agent, line);
    }
}

void Player::agent_changes(std::string const& agent, Line const& line)
{
    auto const& verb = line.word(2);
    auto const named = ticket(line.word(3)).reference;
    if (verb == "merges") {
        (void)world.perform(agent, desk::Merge{named, ticket(line.word(4)).reference});
        return;
    }
    if (verb == "takes" || verb == "assigns") {
        (void)world.perform(agent, desk::Assign{named, verb == "takes" ? "me" : line.word(4)});
        return;
    }
    static std::map<std::string, TicketStatus, std::less<>> const statuses{
        {"solves", TicketStatus::solved}, {"closes", TicketStatus::closed}, {"waits", TicketStatus::pending},
        {"holds", TicketStatus::on_hold}, {"opens", TicketStatus::open},    {"reopens", TicketStatus::open}};
    auto const status = statuses.find(verb);
    if (status == statuses.end())
        throw std::runtime_error{"agents do not do that: " + verb};
    (void)world.perform(agent, desk::SetStatus{named, status->second, line.text});
}

} // namespace deskbridge::test
