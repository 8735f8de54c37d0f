#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace fault {

/// Milliseconds since 1970, for provider times.
[[nodiscard]] std::int64_t now_ms();

/// What a storm is made of.
struct StormShape {
    int customers{500};
    int events{20000};          ///< distinct ones
    double duplicates{0.30};    ///< share of events delivered again, half of them at the same moment
    double reordered{0.20};     ///< share of events that swap places with one further on
    double questions{0};        ///< share of later messages that ask how the ticket stands
    double photos{0};           ///< share of later messages that are photos
    double statuses{0.10};      ///< share of events that are statuses of messages nobody here sent
    int largest_batch{20};      ///< events in one POST
    std::uint64_t seed{1};
    std::int64_t first_ms{0};   ///< provider time of the first event
    int round{0};               ///< makes ids of rounds differ
};

/// One POST: its body, and which distinct events are in it.
struct Delivery {
    std::string body;
    std::vector<int> events;
};

struct Event {
    enum class What { text, question, photo };
    int customer{0};
    bool message{true};
    What what{What::text};
    std::string id; ///< of the message, or "id:status" of a status
    std::int64_t at_s{0};
};

struct Storm {
    std::vector<Event> events;
    std::vector<Delivery> deliveries;
};

[[nodiscard]] Storm plan_storm(StormShape const& shape);

[[nodiscard]] std::string customer_number(int customer);

} // namespace fault
