#pragma once

#include "script.hpp"
#include "world.hpp"

#include "deskbridge/store/message.hpp"
#include "deskbridge/store/ticket.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace deskbridge::test {

/// What a line expects is not so.
struct Unmet : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Plays a conversation and checks what it expects. Throws Unmet, or std::runtime_error for a line nobody understands;
/// both begin with the line.
class Player {
public:
    void play(std::vector<Line> const& lines);
    /// Everything that stands in the store now, for whoever looks for the reason of a failure.
    [[nodiscard]] std::string story();
    /// Every webhook that was posted, in order.
    [[nodiscard]] std::vector<std::string> const& posted() const noexcept { return posted_; }

    World world;

private:
    using Placed = store::Message;

    void act(Line const& line);
    void set_up_customer(Line const& line);
    void set_policy(Line const& line);
    void customer_acts(Line const& line, Customer& customer);
    void provider_acts(Line const& line);
    void agent_acts(Line const& line);
    void agent_changes(std::string const& agent, Line const& line);
    void give_receipt(Line const& line);
    void change_number(Line const& line, Customer& customer);

    [[nodiscard]] nlohmann::json content_of(Line const& line);
    [[nodiscard]] std::optional<nlohmann::json> sequel_of(Line const& line, std::size_t at);
    [[nodiscard]] nlohmann::json tap_of(Line const& line);
    void post(Line const& line, nlohmann::json const& change);
    [[nodiscard]] std::string new_external_id(Line const& line);
    [[nodiscard]] Number number_of(Line const& line) const;

    void expect_placed(std::span<Line const> lines);
    void expect_one(Line const& line, Placed const& message);
    void expect_sent(std::span<Line const> lines);
    void expect_one(Line const& line, store::Message const& message, std::string const& what);
    void expect_state(Line const& line);
    void expect_ticket(Line const& line, store::Ticket const& ticket);
    void expect_merged(Line const& line, store::Ticket const& ticket);
    [[nodiscard]] std::string order_on_screen(Line const& line, TicketId ticket);
    void expect_message(Line const& line);
    void expect_customer(Line const& line, Customer const& customer);
    void expect_own_message(Line const& line, MessageId message);

    [[nodiscard]] std::vector<store::Message> messages(bool sent, MessageId after);
    [[nodiscard]] store::Ticket ticket(std::string const& label);
    [[nodiscard]] std::string label_of(TicketId id) const;
    void match_ticket(std::string const& label, TicketId id);
    [[nodiscard]] MessageId message(std::string const& label);
    [[nodiscard]] std::string external_id(std::string const& label);
    [[nodiscard]] std::string expanded(std::string text);
    [[nodiscard]] std::int64_t count(std::string const& what);
    [[nodiscard]] ContactId contact_of(Customer const& customer);

    std::map<std::string, Customer, std::less<>> customers_;
    std::map<std::string, TicketId, std::less<>> tickets_;
    std::map<std::string, std::string, std::less<>> external_;   ///< of labels: the provider's id
    std::map<std::string, MessageId, std::less<>> own_;          ///< of labels: our messages
    std::map<std::string, std::string, std::less<>> bodies_;     ///< of labels: the webhook as it was posted
    std::vector<nlohmann::json> batch_;
    MessageId told_{};                                           ///< the last of our messages that was expected
    std::vector<std::string> posted_;
    int numbered_{0};
};

} // namespace deskbridge::test
