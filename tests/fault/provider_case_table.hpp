#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace fault {

/// What the message and its attempts must look like.
struct Want {
    std::string state;
    std::vector<std::string> outcomes; ///< of the attempts, in order
    std::string settled_by;            ///< of the last one; "": by whatever
    int times;                         ///< at the provider
};

/// One fault, and what must become of the message that it strikes.
struct Case {
    std::string label;
    nlohmann::json fault; ///< as `POST /sim/faults` has it
    Want want;
    long message{0};
    [[nodiscard]] std::string text() const { return "Answer " + label + "."; }
};

extern Want const as_always;

/// Nobody can know from the answer: what was taken is proven by its receipts, what was not stays in doubt and goes out no second time.
[[nodiscard]] std::vector<Case> doubts();
/// An answer that says what became of it.
[[nodiscard]] std::vector<Case> answers();
/// The account sends nothing until somebody has looked, and no message is the victim of it. `elsewhere`: where a redirect leads.
[[nodiscard]] std::vector<Case> pauses(std::string const& elsewhere);
/// Too fast: nothing was taken, and it goes out later.
[[nodiscard]] std::vector<Case> rates();

} // namespace fault
