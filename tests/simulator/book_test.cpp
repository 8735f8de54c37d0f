#include "book.hpp"
#include "ledger.hpp"
#include "mishap.hpp"

#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace deskbridge;
using namespace deskbridge::simulator;
using namespace std::chrono_literals;

namespace {

Customer mara()
{
    auto customer = invent_customer("DE");
    customer.name = "Mara";
    return customer;
}

Message said(std::string const& id, bool by_business, Timestamp at)
{
    Message message;
    message.id = id;
    message.from_business = by_business;
    message.at = at;
    message.content = Json{{"body", "Hello"}};
    message.status = by_business ? Message::Status::accepted : Message::Status::sent;
    return message;
}

} // namespace

TEST_CASE("chats are the same after a restart, also with a last line half written")
{
    test::ScratchFolder const folder;
    auto const file = folder.path() / "chats.jsonl";
    auto const customer = mara();
    std::string before;
    {
        Book book;
        REQUIRE(book.open(file, true).has_value());
        book.save_customer(customer);
        book.add_message(customer.id, said("wamid.1", false, from_ms(1000)));
        book.add_message(customer.id, said("wamid.2", true, from_ms(2000)));
        book.raise_status("wamid.2", Message::Status::delivered);
        book.change_message("wamid.1", Json{{"reaction_of_business", "👍"}, {"edited", true}});
        book.set_clock_offset(25h);
        before = to_json(*book.find_message("wamid.1")).dump() + to_json(*book.find_message("wamid.2")).dump();
    }
    std::ofstream{file, std::ios::app} << R"({"change":"message","customer_id":")";
    for (int run = 0; run < 2; ++run) {
        Book book;
        REQUIRE(book.open(file, false).has_value());
        CHECK(to_json(*book.find_message("wamid.1")).dump() + to_json(*book.find_message("wamid.2")).dump() == before);
        CHECK(book.find_phone(customer.phone)->written_to("") == from_ms(1000));
        CHECK(book.clock_offset() == 25h);
        auto const extra = "wamid.x" + std::to_string(run);
        book.add_message(customer.id, said(extra, false, from_ms(500)));
        CHECK(book.owner_of(extra)->id == customer.id);
    }
}

TEST_CASE("statuses only rise")
{
    using Status = Message::Status;
    struct Case {
        std::string label;
        Status before;
        Status told;
        Status after;
    };
    auto const c = GENERATE(values<Case>({
        {"up", Status::accepted, Status::sent, Status::sent},
        {"read without delivered", Status::sent, Status::read, Status::read},
        {"not down", Status::read, Status::delivered, Status::read},
        {"failed stays failed", Status::failed, Status::delivered, Status::failed},
    }));
    INFO(c.label);
    Book book;
    auto const customer = mara();
    book.save_customer(customer);
    auto message = said("wamid.1", true, from_ms(1));
    message.status = c.before;
    book.add_message(customer.id, message);
    book.raise_status("wamid.1", c.told);
    CHECK(book.find_message("wamid.1")->status == c.after);
}

TEST_CASE("only what a customer writes moves the window")
{
    struct Case {
        std::string type;
        bool by_business;
        bool moves;
    };
    auto const c = GENERATE(values<Case>({{"text", false, true}, {"interactive", false, true}, {"text", true, false},
                                          {"reaction", false, false}, {"system", false, false}, {"unsupported", false, false}}));
    INFO(c.type << c.by_business);
    Book book;
    auto const customer = mara();
    book.save_customer(customer);
    auto message = said("wamid.1", c.by_business, from_ms(5000));
    message.type = c.type;
    book.add_message(customer.id, message);
    CHECK(book.find_customer(customer.id)->written_to("").has_value() == c.moves);
}

TEST_CASE("a customer with a new number is no longer found by the old one")
{
    Book book;
    auto customer = mara();
    book.save_customer(customer);
    auto const old = customer;
    customer.phone = "491713920000"; // not of the range that numbers are invented from
    customer.user_id = "DE.1";
    book.save_customer(customer);
    CHECK_FALSE(book.find_phone(old.phone));
    CHECK_FALSE(book.find_user_id(old.user_id));
    CHECK(book.find_user_id("DE.1")->id == customer.id);
    CHECK(book.customers().size() == 1);
}

TEST_CASE("invented customers have numbers of their country")
{
    for (auto const& country : countries()) {
        auto const customer = invent_customer(country.code);
        INFO(country.code);
        CHECK(customer.phone.starts_with(country.prefix));
        CHECK(customer.phone.size() == country.prefix.size() + country.digits);
        CHECK(customer.user_id.starts_with(std::string{country.code} + "."));
        CHECK(customer.language == country.language);
    }
}

TEST_CASE("webhooks without a 200 are unfinished in the next run")
{
    test::ScratchFolder const folder;
    auto const file = folder.path() / "ledger.jsonl";
    auto const now = from_ms(1'795'267'200'000);
    {
        Ledger ledger;
        REQUIRE(ledger.open(file, false).has_value());
        for (auto const* body : {"one", "two", "three"}) {
            Webhook hook;
            hook.id = ledger.next_webhook_id();
            hook.body = body;
            hook.message_ids = {std::string{"wamid."} + body};
            hook.first = now;
            ledger.made(hook);
        }
        ledger.add("attempt", now, Json{{"webhook", 2}, {"status", 503}});
        ledger.done(1, now, true);
        ledger.done(3, now, true);
    }
    Ledger ledger;
    REQUIRE(ledger.open(file, false).has_value());
    auto const unfinished = ledger.unfinished();
    REQUIRE(unfinished.size() == 1);
    CHECK(unfinished[0].body == "two");
    CHECK(unfinished[0].failures == 1);
    CHECK(unfinished[0].first == now);
    CHECK(unfinished[0].message_ids == std::vector<std::string>{"wamid.two"});
    CHECK(ledger.next_webhook_id() == 4);
    CHECK(ledger.rows(4, 10).size() == 2);
    CHECK(ledger.rows(0, 2).size() == 2);
}

TEST_CASE("mishaps strike in order and as often as asked")
{
    Mishaps mishaps;
    auto const add = [&](char const* order) {
        auto const mishap = mishap_from(Json::parse(order));
        REQUIRE(mishap.has_value());
        mishaps.add(*mishap);
    };
    add(R"({"kind":"reset","accept":true})");
    add(R"({"kind":"html_502","count":2})");
    add(R"({"kind":"token","count":-1})");
    std::string struck;
    for (int i = 0; i < 6; ++i)
        struck += std::string{name_of(mishaps.next("")->kind)} + " ";
    CHECK(struck == "reset html_502 html_502 token token token ");
    CHECK(mishaps.token_expired());
    mishaps.clear();
    CHECK_FALSE(mishaps.next("").has_value());
    CHECK_FALSE(mishap_from(Json{{"kind", "earthquake"}}).has_value());
    CHECK_FALSE(mishap_from(Json{{"kind", "hang"}, {"count", 0}}).has_value());
}
