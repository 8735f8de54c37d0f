#include "error_table.hpp"

#include <algorithm>
#include <iterator>

namespace deskbridge::whatsapp {
namespace {

using enum Verdict;
using std::chrono::seconds;

// Source: developers.facebook.com, WhatsApp "Cloud API error codes" and Graph API "Handle errors" (2026-08). `asked` is
// our own floor where Meta names none; codes 1, 2, 131000, 131016 and 133004 are answered for requests that went out, too.
// The first row that has the code counts.
constexpr ErrorRow table[] = {
    {0, 0, pause, seconds{0}, "WhatsApp does not accept the access token: it is invalid or has expired."},
    {190, 190, pause, seconds{0}, "WhatsApp does not accept the access token: it is invalid or has expired."},
    {3, 3, pause, seconds{0}, "The access token lacks a permission or the app a capability."},
    {10, 10, pause, seconds{0}, "The access token lacks a permission for this number."},
    {200, 299, pause, seconds{0}, "The access token lacks a permission for this number."},
    {131005, 131005, pause, seconds{0}, "The access token lacks a permission for this number."},
    {33, 33, pause, seconds{0}, "WhatsApp does not know this phone number id: it was deleted or is wrong."},
    {368, 368, pause, seconds{0}, "WhatsApp has restricted the account for a breach of its policies."},
    {131031, 131031, pause, seconds{0}, "WhatsApp has locked the account."},
    {131037, 131037, pause, seconds{0}, "The number's display name is not approved yet."},
    {131042, 131042, pause, seconds{0}, "WhatsApp has a problem with the payment method of the account."},
    {131045, 131045, pause, seconds{0}, "The number is not registered for sending."},
    {131064, 131064, pause, seconds{0}, "WhatsApp blocks sending because templates were put into the wrong category."},
    {133000, 133000, pause, seconds{0}, "The number's registration is incomplete."},
    {133005, 133006, pause, seconds{0}, "The number is not verified, or its PIN is wrong."},
    {133008, 133010, pause, seconds{0}, "The number is not registered, or its PIN is wrong."},
    {133015, 133015, pause, seconds{0}, "The number was deleted a short time ago and cannot be used yet."},
    {134011, 134011, pause, seconds{0}, "WhatsApp's terms of payments have not been accepted."},

    {4, 4, wait_account, seconds{120}, "The app's limit of calls is reached."},
    {613, 613, wait_account, seconds{120}, "A limit of calls is reached."},
    {80007, 80007, wait_account, seconds{120}, "The account's limit of calls is reached."},
    {130429, 130429, wait_account, seconds{0}, "The number sends faster than WhatsApp allows."},
    {131048, 131048, wait_proactive, seconds{600},
     "WhatsApp holds back the number: customers blocked or reported it, or it has written first to as many people as it may in a day."},
    {131056, 131056, wait_pair, seconds{4}, "Too many messages to this customer in a short time."},
    {131057, 131057, wait_account, seconds{120}, "The account is under maintenance for a few minutes."},
    {2494100, 2494100, wait_account, seconds{120}, "The account is under maintenance for a few minutes."},
    {133016, 133016, wait_account, seconds{3600}, "The number was registered too often and is locked for a while."},
    {131053, 131053, wait_file, seconds{30}, "WhatsApp could not take over the attached file."},
    {132069, 132069, wait, seconds{600}, "WhatsApp slows down this flow."},
    {134101, 134101, wait, seconds{600}, "The template is still being prepared at WhatsApp."},

    {131047, 131047, window, seconds{0}, "The customer's last message is more than 24 hours old."},

    {131050, 131050, opted_out, seconds{0}, "The customer does not want marketing messages from this number."},
    {130403, 130403, unreachable, seconds{0}, "This customer is blocked by our number."},
    {130472, 130472, unreachable, seconds{0}, "WhatsApp did not deliver it: the customer is part of an experiment with marketing."},
    {130497, 130497, unreachable, seconds{0}, "The number may not write to customers in this country."},
    {131021, 131021, unreachable, seconds{0}, "The recipient is the number itself."},
    {131026, 131026, unreachable, seconds{0},
     "WhatsApp cannot deliver to this customer: no WhatsApp, an old version, its terms not accepted, or we are blocked."},
    {131030, 131030, unreachable, seconds{0}, "The number is a test number and the customer is not on its list of recipients."},
    {131049, 131049, unreachable, seconds{0}, "WhatsApp limits marketing to this customer; do not try again before a day has passed."},
    {131062, 131062, unreachable, seconds{0}, "This message needs the customer's phone number, which WhatsApp hides: ask for it first."},
    {137000, 137000, unreachable, seconds{0}, "The customer's identity has changed and must be confirmed again."},

    {132001, 132001, unusable_template, seconds{0}, "The template does not exist in this language or is not approved.", "unavailable"},
    {132007, 132007, unusable_template, seconds{0}, "The template's words are against WhatsApp's policy.", "unavailable"},
    {132015, 132015, unusable_template, seconds{0}, "WhatsApp has paused the template because of its quality.", "paused"},
    {132016, 132016, unusable_template, seconds{0}, "WhatsApp has disabled the template because of its quality.", "disabled"},
    {134102, 134102, unusable_template, seconds{0}, "The template is not available for sending.", "unavailable"},
    {132000, 132000, unusable_template, seconds{0}, "The number of parameters is not that of the template; its list is asked for anew."},
    {132005, 132005, unusable_template, seconds{0}, "The template's words are too long with these parameters."},
    {132068, 132068, unusable_template, seconds{0}, "WhatsApp has blocked the template's flow."},
    {132000, 132999, unusable_template, seconds{0}, "A parameter does not fit the template; its list is asked for anew."},
    {131055, 131055, unusable_template, seconds{0}, "The template belongs to another WhatsApp interface."},
    {131063, 131063, unusable_template, seconds{0}, "The template belongs to another WhatsApp interface."},
    {134100, 134100, unusable_template, seconds{0}, "The template belongs to another WhatsApp interface."},
    {2388000, 2388999, unusable_template, seconds{0}, "WhatsApp does not accept the template."},

    {1, 2, unknown, seconds{0}, "WhatsApp had an internal problem."},
    {131000, 131000, unknown, seconds{0}, "WhatsApp had an internal problem."},
    {131016, 131016, unknown, seconds{0}, "WhatsApp's service was not available."},
    {133004, 133004, unknown, seconds{0}, "WhatsApp's service was not available."},

    {100, 100, refuse, seconds{0}, "WhatsApp does not accept a part of the message."},
    {131008, 131009, refuse, seconds{0}, "WhatsApp does not accept a part of the message."},
    {135000, 135000, refuse, seconds{0}, "WhatsApp does not accept a part of the message."},
    {130501, 130501, refuse, seconds{0}, "WhatsApp does not accept this kind of message in groups.", {},
     "The customer sent a message of a kind that WhatsApp does not hand over in groups."},
    {131020, 131020, refuse, seconds{0}, "The group does not exist or is not ours."},
    {131041, 131041, refuse, seconds{0}, "WhatsApp does not accept this message in the group."},
    {131051, 131051, refuse, seconds{0}, "WhatsApp does not support this kind of message."},
    {131052, 131052, refuse, seconds{0}, "WhatsApp does not have the file any more.", {},
     "The customer sent a file that WhatsApp could not hand over. Ask them to send it again."},
    {131059, 131059, refuse, seconds{0}, "WhatsApp does not accept this message in the group."},
    {131060, 131060, refuse, seconds{0}, "WhatsApp does not have the message.", {},
     "The customer sent a message that can only be read in the WhatsApp Business app on the phone."},
    {131200, 131299, refuse, seconds{0}, "WhatsApp does not accept this message in the group."},
    {138000, 138999, refuse, seconds{0}, "WhatsApp does not accept this call."},
    {139100, 139199, refuse, seconds{0}, "WhatsApp could not block or unblock the customer."},
    {147000, 147099, refuse, seconds{0}, "WhatsApp does not accept the user name."},
    {2593107, 2593109, refuse, seconds{0}, "WhatsApp could not synchronise the history."},
};

constexpr ErrorRow proof{100, 100, pause, seconds{0},
                         "WhatsApp refuses the proof of the app's secret: app_secret is not the secret of the app that access_token is of."};

} // namespace

ErrorRow const* find_error(int code) noexcept
{
    auto const found =
        std::find_if(std::begin(table), std::end(table), [&](ErrorRow const& row) { return code >= row.first && code <= row.last; });
    return found == std::end(table) ? nullptr : found;
}

ErrorRow const& refused_proof() noexcept
{
    return proof;
}

} // namespace deskbridge::whatsapp
