#include "outbox_view.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

TEST_CASE("outbox: why a message did not go, with as much of the provider's words as there is")
{
    struct Case {
        std::string error;
        std::string why;
    };
    auto const c = GENERATE(values<Case>({
        {R"({"code": 131026, "title": "Undeliverable", "sentence": "No WhatsApp."})", "refused: No WhatsApp. (Undeliverable, 131026)"},
        {R"({"code": null, "title": "Undeliverable", "sentence": "No WhatsApp."})", "refused: No WhatsApp. (Undeliverable)"},
        {R"({"code": 131026, "title": "", "sentence": "No WhatsApp."})", "refused: No WhatsApp. (131026)"},
        {R"({"code": null, "title": "", "sentence": "The customer wants no marketing."})", "refused: The customer wants no marketing."},
        {R"({"code": 131026, "title": "Undeliverable", "sentence": null})", "refused: Undeliverable (131026)"},
    }));
    auto const intent = nlohmann::ordered_json::parse(R"({"message": 7, "part": 0, "ticket": 1, "account": "support", "contact": "Mara", "class": "agent",
        "delivery": "refused", "created_at": "2026-11-30T12:00:00Z", "attempt_count": 1, "next_at": null, "reason": "refused", "error": )" + c.error + "}");
    CHECK(app::outbox_row(intent).back() == c.why);
}
