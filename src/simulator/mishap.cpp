#include "mishap.hpp"

#include <algorithm>
#include <numeric>

namespace deskbridge::simulator {
namespace {

using namespace std::chrono_literals;

/// What a client can know about its message from it.
enum class Tells {
    nothing,   ///< it may have been taken or not
    untouched, ///< the answer itself is as always
    no         ///< not taken
};

struct KindRow {
    std::string_view name;
    Tells tells;
};

constexpr std::array<KindRow, mishap_kinds> kinds{{
    {"hang", Tells::nothing},         {"reset", Tells::nothing},        {"close", Tells::nothing},
    {"half_close", Tells::nothing},   {"html_500", Tells::nothing},     {"html_502", Tells::nothing},
    {"html_503", Tells::nothing},     {"html_504", Tells::nothing},     {"html_200", Tells::nothing},
    {"empty_200", Tells::nothing},    {"cut_200", Tells::nothing},      {"short_200", Tells::nothing},
    {"wrong_200", Tells::nothing},    {"huge_200", Tells::nothing},     {"trickle", Tells::nothing},
    {"endless_head", Tells::nothing}, {"slow", Tells::untouched},       {"interim", Tells::untouched},
    {"stale", Tells::untouched},      {"throttle_429", Tells::no},      {"token", Tells::no},
    {"number_gone", Tells::no},       {"redirect", Tells::no},          {"error", Tells::no},
}};

constexpr int throttle_code = 4;
constexpr int rate_code = 130429;

KindRow const& row_of(Mishap::Kind kind) noexcept
{
    return kinds[static_cast<std::size_t>(kind)];
}

std::string all_names()
{
    std::string names;
    for (auto const& row : kinds)
        names.append(names.empty() ? "" : ", ").append(row.name);
    return names;
}

std::optional<Mishap::Kind> kind_named(std::string_view name)
{
    auto const found = std::find_if(kinds.begin(), kinds.end(), [&](KindRow const& row) { return row.name == name; });
    if (found == kinds.end())
        return std::nullopt;
    return static_cast<Mishap::Kind>(found - kinds.begin());
}

std::chrono::milliseconds usual_delay(Mishap::Kind kind) noexcept
{
    return kind == Mishap::Kind::trickle ? 1s : 2s;
}

} // namespace

std::string_view name_of(Mishap::Kind kind) noexcept
{
    return row_of(kind).name;
}

bool Mishap::takes() const noexcept
{
    return accept || row_of(kind).tells == Tells::untouched;
}

Result<Mishap> mishap_from(Json const& doc)
{
    auto const kind = kind_named(text_at(doc, {"kind"}).value_or(""));
    if (!kind)
        return Error{Fault::malformed, "kind must be one of " + all_names()};
    auto const number = [&](std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
        return std::clamp(int_at(doc, {key}).value_or(otherwise), least, most);
    };
    Mishap mishap;
    mishap.kind = *kind;
    mishap.accept = bool_at(doc, {"accept"}).value_or(false);
    mishap.count = static_cast<int>(number("count", 1, -1, 1'000'000));
    auto const usual = *kind == Mishap::Kind::throttle_429 ? throttle_code : mishap.code;
    mishap.code = static_cast<int>(number("code", usual, 0, 9'999'999));
    mishap.delay = std::chrono::milliseconds{number("delay_ms", usual_delay(*kind).count(), 0, 600'000)};
    mishap.words = text_at(doc, {"words"}).value_or("");
    mishap.retry_after = text_at(doc, {"retry_after"}).value_or("");
    if (int_at(doc, {"retry_date_s"}))
        mishap.retry_date = std::chrono::seconds{number("retry_date_s", 0, -86'400, 86'400 * 365)};
    mishap.location = text_at(doc, {"location"}).value_or(mishap.location);
    if (mishap.count == 0)
        return Error{Fault::malformed, "count must not be 0"};
    return mishap;
}

Json to_json(Mishap const& mishap)
{
    Json out{{"kind", name_of(mishap.kind)},
             {"accept", mishap.accept},
             {"count", mishap.count},
             {"code", mishap.code},
             {"delay_ms", mishap.delay.count()}};
    if (!mishap.words.empty())
        out["words"] = mishap.words;
    if (!mishap.retry_after.empty())
        out["retry_after"] = mishap.retry_after;
    if (mishap.retry_date)
        out["retry_date_s"] = mishap.retry_date->count();
    if (mishap.kind == Mishap::Kind::redirect)
        out["location"] = mishap.location;
    return out;
}

std::optional<Mishap> MishapWeather::draw()
{
    if (std::all_of(per_mille.begin(), per_mille.end(), [](int each) { return each == 0; }))
        return std::nullopt;
    auto drawn = static_cast<int>(dice.below(1000));
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        drawn -= per_mille[i];
        if (drawn >= 0)
            continue;
        constexpr std::array wishes{"", "0", "-5", "2"};
        constexpr std::array codes{131000, 131016, 131026, rate_code, 131056};
        Mishap mishap;
        mishap.kind = static_cast<Mishap::Kind>(i);
        mishap.accept = kinds[i].tells == Tells::nothing && dice.chance(0.5);
        mishap.delay = usual_delay(mishap.kind);
        mishap.code = mishap.kind == Mishap::Kind::error ? codes[dice.below(codes.size())] : rate_code;
        if (auto const wish = dice.below(wishes.size() + 1); wish < wishes.size())
            mishap.retry_after = wishes[wish];
        else
            mishap.retry_date = 2s;
        return mishap;
    }
    return std::nullopt;
}

Result<void> MishapWeather::change(Json const& order)
{
    std::array<int, mishap_kinds> wanted{};
    auto const whole = [](Json const& share) { return share.is_number_integer() && share >= 0 && share <= 1000; };
    bool const alike = whole(order);
    if (alike)
        wanted.fill(order.get<int>());
    else if (!order.is_object())
        return Error{Fault::malformed, "faults must be a share of a thousand, or one for each kind"};
    auto const each = alike ? Json::object() : order;
    for (auto const& item : each.items()) {
        auto const kind = kind_named(item.key());
        if (!kind || !whole(item.value()))
            return Error{Fault::malformed, "faults: 0 to 1000 for one of " + all_names()};
        wanted[static_cast<std::size_t>(*kind)] = item.value().get<int>();
    }
    if (std::accumulate(wanted.begin(), wanted.end(), 0) > 1000)
        return Error{Fault::malformed, "faults: more than a thousand of a thousand"};
    per_mille = wanted;
    return {};
}

Json MishapWeather::list() const
{
    auto out = Json::object();
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (per_mille[i] > 0)
            out[std::string{kinds[i].name}] = per_mille[i];
    return out;
}

std::optional<Mishap> Mishaps::next(std::string_view body)
{
    auto const found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](Mishap const& each) { return body.find(each.words) != std::string_view::npos; });
    if (found == waiting_.end())
        return weather.draw();
    auto const mishap = *found;
    if (mishap.count > 0 && --found->count == 0)
        waiting_.erase(found);
    return mishap;
}

bool Mishaps::token_expired() const noexcept
{
    return !waiting_.empty() && waiting_.front().kind == Mishap::Kind::token && waiting_.front().count < 0;
}

Json Mishaps::list() const
{
    auto out = Json::array();
    for (auto const& mishap : waiting_)
        out.push_back(to_json(mishap));
    return out;
}

} // namespace deskbridge::simulator
