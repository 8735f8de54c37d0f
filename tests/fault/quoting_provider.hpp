#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// A provider that quotes our credentials back at us, in every place where an answer has room for words.
///
/// A message whose text has a case's label gets that case's answer, as often as the case says, and is accepted after that.
class QuotingProvider {
public:
    struct Case {
        std::string_view label;
        int times;                  ///< how often it strikes
        std::string_view logged;    ///< the event that the daemon logs about it
        bool pauses{false};         ///< the account, until it reads new secrets
    };
    [[nodiscard]] static std::vector<Case> const& sends();
    /// The same for files: the media id is the label.
    [[nodiscard]] static std::vector<Case> const& files();

    /// For ProviderSink::Instead.
    std::string answer(std::string_view request);

private:
    [[nodiscard]] bool strikes(Case const& what);
    std::mutex mutex_;
    std::map<std::string_view, int> struck_;
};

} // namespace fault
