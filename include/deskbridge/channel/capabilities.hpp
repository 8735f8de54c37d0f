#pragma once

#include "deskbridge/core/free_entry.hpp"
#include "deskbridge/core/inbound.hpp"
#include "deskbridge/core/reply_window.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace deskbridge::channel {

/// One kind of message that carries a file, and which files it may carry.
struct FileRule {
    MessageKind kind{MessageKind::document};
    std::vector<std::string> types{}; ///< content types; empty: any, but not bytes of which nobody knows what they are
    std::uint64_t max_bytes{0};
    std::size_t max_caption_units{0}; ///< UTF-16 units; 0: it has no caption, and a text goes ahead as its own message
    std::vector<std::string> forms{}; ///< which of them, in the words of `form_of`; empty: all
    // Of pictures, as far as their first bytes tell; 0: any.
    std::uint32_t max_sides{0}; ///< pixels, width and height together
    std::uint32_t max_ratio{0}; ///< how many times the longer side may be the shorter one
};

/// What a channel can do, as data: nothing outside its folder asks which channel it is. An adapter names its own; of what it
/// leaves out the sizes are usual ones, the pace is slow, and nothing is promised.
struct Capabilities {
    std::size_t max_text_units{4096}; ///< UTF-16 units in one message
    std::size_t max_body_units{1024}; ///< with buttons or a list
    std::size_t max_buttons{3};
    std::size_t max_button_title{20};
    std::size_t max_rows{10};
    std::size_t max_row_title{24};
    std::size_t max_row_description{72};
    std::size_t max_list_button{20};
    bool read_marks{false};
    bool asks_numbers{false};                   ///< customers can be asked to share their phone number by a tap
    bool receipts_prove{false};                 ///< receipts carry our token: unknown sends are settled by evidence
    WindowRules reply_window{};                 ///< how long after a customer's message one may write
    FreeEntryRules free_entry{};
    int free_messages_a_month{0};               ///< service messages of an account that cost nothing; 0: no such quota
    double account_per_second{1.0};             ///< how fast the account may send, to begin with
    std::chrono::milliseconds pair_interval{1000}; ///< steady pace to one recipient
    int pair_burst{1};                          ///< messages that may be borrowed from that pace
    std::chrono::seconds media_life{24 * 3600}; ///< how long the provider keeps customers' files for us
    bool fetched{false};                        ///< its webhooks are not delivered: `poll` asks for them
    bool templates{false};                      ///< messages are approved beforehand: `ask_templates` asks which there are
    bool health{false};                         ///< the provider can be asked how the account is: `check_health`
    int questions_per_hour{0};                  ///< how often both of these may be asked, for all accounts of one scope; 0: no limit
    std::string links_signed_with{};            ///< files go as links that the channel fetches, signed with this secret; empty: with requests
    std::vector<FileRule> files{};              ///< a file goes by the first rule that it fits; empty: no files at all
};

} // namespace deskbridge::channel
