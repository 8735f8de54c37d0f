#include "posts.hpp"

#include "fault/daemon.hpp"
#include "fault/http.hpp"
#include "fault/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string_view>

namespace bench {
namespace {

using Dice = std::mt19937_64;

constexpr std::array<std::string_view, 48> vocabulary{
    "parcel", "order",    "still",   "arrived", "yesterday", "morning", "please", "invoice", "number", "the",    "my",     "a",
    "with",   "broken",   "screen",  "charger", "missing",   "again",   "refund", "address", "street", "would",  "like",   "change",
    "size",   "blue",     "instead", "because", "nobody",    "called",  "back",   "since",   "monday", "could",  "you",    "tell",
    "me",     "when",     "it",      "will",    "be",        "here",    "paid",   "twice",   "for",    "one",    "ticket", "waiting"};

std::string render_words(Dice& dice, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : " ") + std::string{vocabulary[dice() % vocabulary.size()]};
    return text;
}

/// As it stands in JSON: letters of the Greek alphabet, six bytes each.
std::string render_foreign(Dice& dice, std::size_t letters)
{
    std::string text;
    for (std::size_t i = 0; i < letters; ++i)
        text += i % 7 == 6 ? " " : fmt::format("\\u{:04x}", 0x3b1 + dice() % 17);
    return text;
}

std::string render_text(Shape shape, Dice& dice)
{
    auto text = render_words(dice, shape == Shape::fifteen_words ? 15 : 8 + dice() % 8);
    if (shape == Shape::kilobyte)
        while (text.size() < 560)
            text += ' ' + render_words(dice, 1);
    return shape == Shape::ten_kilobytes ? render_foreign(dice, 1860) : text;
}

/// As Meta's: a prefix that all share, and 40 letters and digits.
std::string render_id(Dice& dice)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    std::string id = "wamid.HBgNNDkxNTEx";
    for (int i = 0; i < 40; ++i)
        id += digits[dice() % digits.size()];
    return id + "AA==";
}

std::string render_change(int customer, std::string const& id, std::int64_t at_s, std::string const& text)
{
    auto const number = fault::customer_number(customer);
    return fmt::format(
        R"({{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"49301234567","phone_number_id":"{}"}},)"
        R"("contacts":[{{"profile":{{"name":"Customer {}"}},"wa_id":"{}"}}],)"
        R"("messages":[{{"from":"{}","id":"{}","timestamp":"{}","text":{{"body":"{}"}},"type":"text"}}]}},"field":"messages"}})",
        fault::Daemon::phone_number_id, customer, number, number, id, at_s, text);
}

std::string render_body(std::string const& changes)
{
    return fmt::format(R"({{"object":"whatsapp_business_account","entry":[{{"id":"880011223344556","changes":[{}]}}]}})", changes);
}

std::string render_request(PostPlan const& plan, std::string const& body)
{
    return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nContent-Type: application/json\r\n"
                       "X-Hub-Signature-256: {}\r\nContent-Length: {}\r\n\r\n{}",
                       plan.target, fault::signature_of(plan.secret, body), body.size(), body);
}

} // namespace

std::string_view render_shape(Shape shape) noexcept
{
    switch (shape) {
    case Shape::sentence: return "one sentence";
    case Shape::fifteen_words: return "15 words";
    case Shape::kilobyte: return "1 KB";
    case Shape::ten_kilobytes: return "10 KB";
    case Shape::hundred: return "100 messages";
    }
    return {};
}

std::size_t messages_in(Shape shape) noexcept
{
    return shape == Shape::hundred ? 100 : 1;
}

std::string render_one(int customer, std::string const& id, std::int64_t at_s, std::string const& text)
{
    return render_body(render_change(customer, id, at_s, text));
}

Posts render_posts(PostPlan const& plan)
{
    Dice dice{plan.seed};
    std::vector<int> turn(static_cast<std::size_t>(plan.customers));
    std::iota(turn.begin(), turn.end(), plan.first_customer);
    std::shuffle(turn.begin(), turn.end(), dice);
    Posts out;
    out.all.reserve(plan.posts);
    for (std::size_t p = 0; p < plan.posts; ++p) {
        Post post;
        post.first = out.ids.size();
        post.count = messages_in(plan.shape);
        std::string changes;
        for (std::size_t i = 0; i < post.count; ++i) {
            auto const customer = turn[out.ids.size() % turn.size()];
            out.ids.push_back(render_id(dice));
            out.customers.push_back(customer);
            changes += (changes.empty() ? "" : ",") + render_change(customer, out.ids.back(), plan.at_s, render_text(plan.shape, dice));
        }
        post.bytes = render_request(plan, render_body(changes));
        out.all.push_back(std::move(post));
    }
    return out;
}

} // namespace bench
