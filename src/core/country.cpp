#include "country.hpp"

#include <algorithm>
#include <array>

namespace deskbridge {
namespace {

struct Country {
    std::string_view code;    ///< of its telephone numbers
    std::string_view iso;
    std::string_view languages;
};

/// Where at least one language of ours is at home. The longest code wins: 1809 is not the United States.
constexpr std::array<Country, 137> countries{{
    {"1", "US", "en"}, {"1", "CA", "en fr"}, {"1242", "BS", "en"}, {"1246", "BB", "en"}, {"1268", "AG", "en"},
    {"1284", "VG", "en"}, {"1345", "KY", "en"}, {"1441", "BM", "en"}, {"1473", "GD", "en"}, {"1649", "TC", "en"},
    {"1758", "LC", "en"}, {"1767", "DM", "en"}, {"1784", "VC", "en"}, {"1787", "PR", "es en"}, {"1809", "DO", "es"},
    {"1829", "DO", "es"}, {"1849", "DO", "es"}, {"1868", "TT", "en"}, {"1869", "KN", "en"}, {"1876", "JM", "en"},
    {"1939", "PR", "es en"}, {"20", "EG", "ar"}, {"211", "SS", "en ar"}, {"212", "MA", "ar fr"},
    {"213", "DZ", "ar fr"}, {"216", "TN", "ar fr"}, {"218", "LY", "ar"}, {"220", "GM", "en"}, {"221", "SN", "fr"},
    {"222", "MR", "ar fr"}, {"223", "ML", "fr"}, {"224", "GN", "fr"}, {"225", "CI", "fr"}, {"226", "BF", "fr"},
    {"227", "NE", "fr"}, {"228", "TG", "fr"}, {"229", "BJ", "fr"}, {"230", "MU", "en fr"}, {"231", "LR", "en"},
    {"232", "SL", "en"}, {"233", "GH", "en"}, {"234", "NG", "en"}, {"235", "TD", "fr ar"}, {"236", "CF", "fr"},
    {"237", "CM", "fr en"}, {"238", "CV", "pt"}, {"239", "ST", "pt"}, {"240", "GQ", "es fr"}, {"241", "GA", "fr"},
    {"242", "CG", "fr"}, {"243", "CD", "fr"}, {"244", "AO", "pt"}, {"245", "GW", "pt"}, {"248", "SC", "fr en"},
    {"249", "SD", "ar en"}, {"250", "RW", "fr en"}, {"252", "SO", "ar"}, {"253", "DJ", "ar fr"}, {"254", "KE", "en"},
    {"255", "TZ", "en"}, {"256", "UG", "en"}, {"257", "BI", "fr"}, {"258", "MZ", "pt"}, {"260", "ZM", "en"},
    {"261", "MG", "fr"}, {"262", "RE", "fr"}, {"263", "ZW", "en"}, {"264", "NA", "en"}, {"265", "MW", "en"},
    {"266", "LS", "en"}, {"267", "BW", "en"}, {"268", "SZ", "en"}, {"269", "KM", "ar fr"}, {"27", "ZA", "en"},
    {"32", "BE", "nl fr de"}, {"33", "FR", "fr"}, {"34", "ES", "es"}, {"350", "GI", "en es"}, {"351", "PT", "pt"},
    {"352", "LU", "fr de"}, {"353", "IE", "en"}, {"356", "MT", "en"}, {"376", "AD", "ca es fr"}, {"377", "MC", "fr"},
    {"41", "CH", "de fr it"}, {"423", "LI", "de"}, {"43", "AT", "de"}, {"44", "GB", "en"}, {"49", "DE", "de"},
    {"501", "BZ", "en es"}, {"502", "GT", "es"}, {"503", "SV", "es"}, {"504", "HN", "es"}, {"505", "NI", "es"},
    {"506", "CR", "es"}, {"507", "PA", "es"}, {"508", "PM", "fr"}, {"509", "HT", "fr"}, {"51", "PE", "es"},
    {"52", "MX", "es"}, {"53", "CU", "es"}, {"54", "AR", "es"}, {"55", "BR", "pt"}, {"56", "CL", "es"},
    {"57", "CO", "es"}, {"58", "VE", "es"}, {"590", "GP", "fr"}, {"591", "BO", "es"}, {"592", "GY", "en"},
    {"593", "EC", "es"}, {"594", "GF", "fr"}, {"595", "PY", "es"}, {"596", "MQ", "fr"}, {"598", "UY", "es"},
    {"61", "AU", "en"}, {"62", "ID", "id"}, {"63", "PH", "en"}, {"64", "NZ", "en"}, {"65", "SG", "en"},
    {"670", "TL", "pt id"}, {"675", "PG", "en"}, {"679", "FJ", "en hi"}, {"687", "NC", "fr"}, {"689", "PF", "fr"},
    {"91", "IN", "hi en"}, {"961", "LB", "ar fr"}, {"962", "JO", "ar"}, {"963", "SY", "ar"}, {"964", "IQ", "ar"},
    {"965", "KW", "ar"}, {"966", "SA", "ar"}, {"967", "YE", "ar"}, {"968", "OM", "ar"}, {"970", "PS", "ar"},
    {"971", "AE", "ar en"}, {"973", "BH", "ar"}, {"974", "QA", "ar en"},
}};

bool same_letters(std::string_view iso, std::string_view typed) noexcept
{
    auto const upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    return std::equal(iso.begin(), iso.end(), typed.begin(), typed.end(), [&](char a, char b) { return a == upper(b); });
}

} // namespace

std::string_view languages_of_number(std::string_view digits) noexcept
{
    Country const* best = nullptr;
    for (auto const& country : countries)
        if (digits.starts_with(country.code) && (best == nullptr || country.code.size() > best->code.size()))
            best = &country;
    return best == nullptr ? std::string_view{} : best->languages;
}

std::string_view languages_of_country(std::string_view country) noexcept
{
    for (auto const& known : countries)
        if (same_letters(known.iso, country))
            return known.languages;
    return {};
}

} // namespace deskbridge
