#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// What becomes of one connection: sent in two parts, between which the server has had its turn.
struct Exchange {
    std::string first;
    std::string second;
    bool finish{false};   ///< say afterwards that nothing more comes
    std::string answer{}; ///< out: everything that was read
    enum class End { closed, reset, silent } end{End::silent}; ///< out; silent: still open after 20 s
};

/// Plays all of them at the same time, from `source` (a loopback address); 128 at most, so that no cap is reached.
/// "The server has had its turn" is no pause: another connection's request is answered in between.
void play(std::vector<Exchange>& exchanges, int port, std::string const& source);

/// The statuses of all answers in what was read, interim ones left out.
[[nodiscard]] std::vector<int> statuses_in(std::string_view answer);

} // namespace fault
