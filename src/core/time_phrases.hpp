#pragma once

#include "deskbridge/core/catalogue.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace deskbridge {

using Phrases = std::map<std::string, std::string, std::less<>>;
using Plurals = std::map<std::string, Phrases, std::less<>>; ///< by CLDR plural category

/// Every phrase and every counted phrase that a catalogue must have.
inline constexpr std::string_view phrase_names[] = {"just_now", "yesterday", "day_and_time", "list_separator"};
inline constexpr std::string_view plural_names[] = {"within_minutes", "within_hours", "within_days"};

/// The categories that whole numbers take in this language: "one", "few", …. Source: CLDR 42 plural rules.
[[nodiscard]] std::set<std::string> plural_categories(std::string_view language);

/// How one language speaks of time in one zone; digits are ASCII. Threads: const functions are safe.
class TimePhrases {
public:
    TimePhrases(std::string_view language, std::string const& time_zone, Phrases phrases, Plurals plurals);
    TimePhrases(TimePhrases&&) noexcept;
    ~TimePhrases();

    [[nodiscard]] std::string when(Timestamp at, Timestamp now) const;
    [[nodiscard]] std::string within(std::chrono::minutes duration) const;
    [[nodiscard]] std::string const& phrase(std::string_view name) const;

private:
    struct Formats;
    [[nodiscard]] std::string counted(std::string_view name, std::chrono::minutes::rep count) const;
    [[nodiscard]] std::string at_time(std::string const& day, Timestamp at) const;

    Phrases phrases_;
    Plurals plurals_;
    std::unique_ptr<Formats const> formats_;
};

} // namespace deskbridge
