#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// What is in the bodies.
enum class Shape {
    sentence,  ///< one message of 8 to 15 words
    fifteen_words, ///< one message of exactly as many
    kilobyte,  ///< the same, with as many words as make a body of 1 KB
    ten_kilobytes, ///< one message whose letters Meta writes as \uXXXX, a body of 10 KB
    hundred,   ///< 100 messages of 8 to 15 words, each of another customer
};
[[nodiscard]] std::string_view render_shape(Shape shape) noexcept;
[[nodiscard]] std::size_t messages_in(Shape shape) noexcept; ///< of one body

/// One webhook as it goes over the wire: head, signature and body.
struct Post {
    std::string bytes;
    std::size_t first{0}; ///< its messages in `Posts::ids`
    std::size_t count{1};
};

/// Rendered and signed before anything is measured.
struct Posts {
    std::vector<Post> all;
    std::vector<std::string> ids; ///< of the messages, in their order
    std::vector<int> customers;   ///< who wrote them
};

struct PostPlan {
    Shape shape{Shape::sentence};
    std::size_t posts{1000};
    int customers{50000};
    int first_customer{0};   ///< they are numbered from here
    std::int64_t at_s{0};    ///< provider's time
    std::uint64_t seed{1};   ///< no two plans of one database may share it: the ids come from it
    std::string target{"/hooks/support"};
    std::string secret{};
};

/// Every customer writes once before one writes again, in random order; ids look like Meta's and are as random.
[[nodiscard]] Posts render_posts(PostPlan const& plan);

/// The body of a webhook of one message.
[[nodiscard]] std::string render_one(int customer, std::string const& id, std::int64_t at_s, std::string const& text);

} // namespace bench
