#include "customer.hpp"

#include "signing.hpp"

#include <algorithm>

namespace deskbridge::simulator {

std::vector<Country> const& countries()
{
    // Fictional ranges: NANPA 555-01XX; Ofcom 07700 900; Bundesnetzagentur 0176 040690; ARCEP 06 39 98.
    static std::vector<Country> const all{
        {"US", "United States", "en", "120255501", 2},   {"GB", "United Kingdom", "en", "447700900", 3},
        {"DE", "Germany", "de", "4917604069", 3},        {"FR", "France", "fr", "33639980", 3},
        {"ES", "Spain", "es", "34600", 6},               {"MX", "Mexico", "es", "521550", 7},
        {"AR", "Argentina", "es", "54911", 8},           {"BR", "Brazil", "pt-BR", "55119", 8},
        {"PT", "Portugal", "pt-BR", "351910", 6},        {"IN", "India", "hi", "9190000", 5},
        {"ID", "Indonesia", "id", "62812000", 6},        {"AE", "United Arab Emirates", "ar", "97150000", 4},
        {"EG", "Egypt", "ar", "20100000", 5},            {"SA", "Saudi Arabia", "ar", "96650000", 4},
    };
    return all;
}

Country const& country_of(std::string_view code)
{
    auto const& all = countries();
    auto const found = std::find_if(all.begin(), all.end(), [&](Country const& c) { return c.code == code; });
    return found == all.end() ? all.front() : *found;
}

std::string invent_phone(std::string_view country)
{
    auto const& where = country_of(country);
    return std::string{where.prefix} + random_digits(where.digits);
}

std::string invent_user_id(std::string_view country)
{
    return std::string{country_of(country).code} + "." + random_digits(16);
}

std::string user_id_in(Person const& person, std::string_view portfolio)
{
    if (portfolio.empty())
        return person.user_id;
    auto const country = person.user_id.substr(0, person.user_id.find('.'));
    return country + "." + sha256_hex(std::string{portfolio} + " " + person.user_id).substr(0, 16);
}

Customer invent_customer(std::string_view country)
{
    auto const& where = country_of(country);
    Customer customer;
    customer.id = "c" + random_hex(5);
    customer.country = where.code;
    customer.language = where.language;
    customer.phone = invent_phone(where.code);
    customer.user_id = invent_user_id(where.code);
    return customer;
}

} // namespace deskbridge::simulator
