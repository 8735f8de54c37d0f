#pragma once

#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Whether customers want marketing from a number, as its provider tells it. Beside our own `stop`, which holds for all accounts of a
/// contact: this is between the customer, one number and the provider, and only they can take it back.
namespace deskbridge::store {

/// What somebody told.
struct MarketingChoice {
    /// Who told it.
    enum class Source {
        customer, ///< by their app's switch
        refusal,  ///< the provider refused a message because of it
    };
    bool wanted{true};
    Source source{Source::customer};
    Timestamp told_at{}; ///< by the provider's clock
};

/// Kept for the contact and the account, unless a later word is known. `contact.marketing_changed` if it is another choice than before;
/// without any before, marketing is wanted.
void note_marketing_choice(Tx& tx, AccountId account, ContactId contact, MarketingChoice const& choice, Timestamp now);

/// The latest word about one account.
struct MarketingWord {
    std::string account;
    MarketingChoice choice;
};
/// What is known of the contact, whom it was merged with included, by account.
[[nodiscard]] std::vector<MarketingWord> marketing_choices(Reading& reading, ContactId contact);
[[nodiscard]] std::string_view render_marketing_source(MarketingChoice::Source source) noexcept;

/// Since when the contact wants no marketing from the account; nullopt: nothing is known against it. Whom it was merged with counts too.
[[nodiscard]] std::optional<Timestamp> marketing_stopped_at(Reading& reading, AccountId account, ContactId contact);

} // namespace deskbridge::store
