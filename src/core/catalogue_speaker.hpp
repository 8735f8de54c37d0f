#pragma once

#include "catalogue_file.hpp"
#include "time_phrases.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deskbridge {

/// One enabled language of an account, ready to speak. Threads: const functions are safe.
class Speaker {
public:
    /// @param all  every enabled language: `help` names them.
    Speaker(LanguageTexts texts, std::vector<LanguageTexts> const& all, CatalogueSettings const& settings);

    /// The text with its values, raw ones made presentable; not cut.
    [[nodiscard]] std::string say(TextKey key, TextValues const& values) const;

    [[nodiscard]] std::string const& language() const noexcept { return texts_.language; }
    [[nodiscard]] TimePhrases const& time() const noexcept { return time_; }

private:
    [[nodiscard]] std::string present(std::string_view placeholder, std::string const& raw) const;
    [[nodiscard]] std::string reference(std::string_view digits) const;
    [[nodiscard]] std::string references(std::string_view stored) const;
    [[nodiscard]] std::string foreign(std::string const& text) const;

    LanguageTexts texts_;
    TimePhrases time_;
    bool right_to_left_;
    std::string prefix_;
    TextValues fixed_; ///< command words and the names of the languages
};

} // namespace deskbridge
