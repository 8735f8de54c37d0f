#include "webhook_fields.hpp"

namespace deskbridge::whatsapp {
namespace {

using enum Need;

constexpr WebhookField acted_on[] = {
    {"messages", always, "what customers write, and what becomes of our messages"},
    {"user_id_update", wanted, "people whose id or number changes: else they come back as strangers"},
    {"user_preferences", wanted, "people who stop marketing, or want it again"},
    {"message_template_status_update", wanted, "templates that are approved, rejected, paused or disabled"},
    {"message_template_quality_update", wanted, "what customers make of templates, before one is paused"},
    {"message_template_components_update", wanted, "templates whose words or buttons change"},
    {"template_category_update", wanted, "templates that are put into another category, and cost more"},
    {"account_update", wanted, "bans, restrictions and violations"},
    {"account_review_update", wanted, "what came of the review of the business"},
    {"account_alerts", wanted, "what Meta warns of"},
    {"business_capability_update", wanted, "how many customers may be written to first"},
    {"phone_number_quality_update", wanted, "what customers make of the number, and its limit"},
    {"phone_number_name_update", wanted, "what came of the name that customers see"},
    {"security", wanted, "a PIN that was changed or taken away: somebody may take the number over"},
    {"calls", by_use, "calls of customers, when the number takes calls"},
    {"smb_message_echoes", by_use, "what is typed on the phone, when the number stays in the WhatsApp Business app"},
    {"history", by_use, "the chats of before, when such a number is connected"},
    {"smb_app_state_sync", by_use, "the address book of such a phone; it is recorded alone"},
    {"standby", by_use, "what is said while another app of the number has the chat"},
    {"messaging_handovers", by_use, "which app got the chat; it is recorded alone"},
    {"group_lifecycle_update", by_use, "groups that begin and end, when the number is in groups; it is recorded alone, as the next three are"},
    {"group_participants_update", by_use, "who joins a group and who leaves"},
    {"group_settings_update", by_use, "a group's subject, picture and description"},
    {"group_status_update", by_use, "groups that WhatsApp suspends"},
    {"business_username_update", by_use, "the name under which customers find the business; it is recorded alone"},
};

} // namespace

std::span<WebhookField const> webhook_fields() noexcept
{
    return acted_on;
}

} // namespace deskbridge::whatsapp
