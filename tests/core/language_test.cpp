#include "deskbridge/core/language.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace deskbridge;

namespace {

std::vector<std::string> const all{"en", "es", "pt-BR", "de", "fr", "hi", "id", "ar"};

} // namespace

TEST_CASE("language: of a text, when there is enough of it")
{
    struct Case {
        std::string text;
        std::optional<std::string> language;
    };
    auto const c = GENERATE(values<Case>({
        {"My parcel has not arrived yet and I would like to know where it is.", "en"},
        {"Mi paquete todavía no ha llegado y quisiera saber dónde está ahora.", "es"},
        {"Minha encomenda ainda não chegou e eu gostaria de saber onde ela está.", "pt-BR"},
        {"Mein Paket ist noch nicht angekommen und ich möchte wissen, wo es ist.", "de"},
        {"Mon colis n'est pas encore arrivé et je voudrais savoir où il se trouve.", "fr"},
        {"मेरा पार्सल अभी तक नहीं आया है और मैं जानना चाहता हूँ कि वह कहाँ है।", "hi"},
        {"Paket saya belum sampai dan saya ingin tahu di mana paket itu sekarang.", "id"},
        {"لم يصل طردي حتى الآن وأود أن أعرف أين هو.", "ar"},
        {"Mijn pakket is nog niet aangekomen en ik wil graag weten waar het is.", std::nullopt},
        {"di mana paket saya sekarang kak", "id"},
        {"Danke, alles gut", std::nullopt},
        {"4821-9376 12 34 56 78 90 https://example.com/de/wo/ist/mein/paket", std::nullopt},
        {"😀😀😀😀😀😀", std::nullopt},
        {"", std::nullopt},
    }));
    INFO(c.text);
    CHECK(detect_language(c.text, all) == c.language);
}

TEST_CASE("language: one that is not enabled is not detected")
{
    std::vector<std::string> const two{"en", "de"};
    CHECK_FALSE(detect_language("Mon colis n'est pas encore arrivé et je voudrais savoir où il se trouve.", two));
    CHECK(detect_language("Mein Paket ist noch nicht angekommen, 12.5 kg, siehe https://example.com", two) == "de");
}

TEST_CASE("language: half a text in another language is not reliable")
{
    CHECK_FALSE(detect_language("Mein Paket ist noch nicht angekommen und ich warte. My parcel has not arrived yet and I am waiting for it.", all));
}

TEST_CASE("language: of a number's country")
{
    struct Case {
        std::string digits;
        std::vector<std::string> enabled;
        std::optional<std::string> language;
    };
    auto const c = GENERATE(values<Case>({
        {"4915112345678", {"en", "de"}, "de"},
        {"5511987654321", {"en", "pt-BR"}, "pt-BR"},
        {"12125550123", {"es", "en"}, "en"},
        {"18095550123", {"es", "en"}, "es"},
        {"919812345678", {"en", "hi"}, "hi"},
        {"919812345678", {"de", "en"}, "en"},
        {"6281234567890", {"en", "id"}, "id"},
        {"966501234567", {"en", "ar"}, "ar"},
        {"41791234567", {"fr", "en"}, "fr"},
        {"81312345678", {"en", "de"}, std::nullopt},
        {"4915112345678", {"fr"}, std::nullopt},
        {"", {"en"}, std::nullopt},
    }));
    INFO(c.digits);
    CHECK(language_of_number(c.digits, c.enabled) == c.language);
}

TEST_CASE("language: of a country code")
{
    CHECK(language_of_country("BR", all) == "pt-BR");
    CHECK(language_of_country("ca", std::vector<std::string>{"fr"}) == "fr");
    CHECK_FALSE(language_of_country("JP", all));
    CHECK_FALSE(language_of_country("", all));
}
