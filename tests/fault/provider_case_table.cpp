#include "provider_case_table.hpp"

#include <fmt/format.h>

namespace fault {

using nlohmann::json;

Want const as_always{"accepted", {"accepted"}, "", 1};

namespace {

Want const proven{"accepted", {"accepted"}, "receipt", 1};
Want const doubtful{"unknown", {"unknown"}, "answer", 0};
Want const later{"accepted", {"not_sent", "accepted"}, "", 1};
Want const spared{"accepted", {"refused", "accepted"}, "", 1};
Want const refused{"refused", {"refused"}, "answer", 0};

} // namespace

std::vector<Case> doubts()
{
    std::vector<Case> all;
    for (auto const* kind : {"hang", "reset", "close", "half_close", "html_500", "html_502", "html_503", "html_504", "html_200", "empty_200", "cut_200",
                             "short_200", "wrong_200", "huge_200", "trickle", "endless_head"}) {
        all.push_back({fmt::format("{} taken", kind), {{"kind", kind}, {"accept", true}}, proven});
        all.push_back({fmt::format("{} not taken", kind), {{"kind", kind}}, doubtful});
    }
    for (int const code : {131000, 131016}) {
        all.push_back({fmt::format("{} taken", code), {{"kind", "error"}, {"code", code}, {"accept", true}}, proven});
        all.push_back({fmt::format("{} not taken", code), {{"kind", "error"}, {"code", code}}, doubtful});
    }
    return all;
}

std::vector<Case> answers()
{
    return {
        {"slow", {{"kind", "slow"}, {"delay_ms", 1500}}, as_always},
        {"interim answers", {{"kind", "interim"}}, as_always},
        {"131026", {{"kind", "error"}, {"code", 131026}}, refused},
        {"131047", {{"kind", "error"}, {"code", 131047}}, refused},
        {"131056", {{"kind", "error"}, {"code", 131056}}, later},
    };
}

std::vector<Case> pauses(std::string const& elsewhere)
{
    return {
        {"token", {{"kind", "token"}}, spared},
        {"number gone", {{"kind", "number_gone"}}, spared},
        {"redirect to metadata", {{"kind", "redirect"}}, spared},
        {"redirect to us", {{"kind", "redirect"}, {"location", elsewhere}}, spared},
    };
}

std::vector<Case> rates()
{
    auto const throttled = [](std::string const& how, json fault) {
        fault["kind"] = "throttle_429";
        fault["code"] = 130429;
        return Case{"429 " + how, fault, later};
    };
    return {
        throttled("without Retry-After", json::object()),
        throttled("Retry-After 0", {{"retry_after", "0"}}),
        throttled("Retry-After negative", {{"retry_after", "-5"}}),
        throttled("Retry-After a number", {{"retry_after", "2"}}),
        throttled("Retry-After a date", {{"retry_date_s", 2}}),
        throttled("Retry-After a date gone by", {{"retry_date_s", -60}}),
        throttled("Retry-After nonsense", {{"retry_after", "soon"}}),
        {"130429", {{"kind", "error"}, {"code", 130429}}, later},
    };
}

} // namespace fault
