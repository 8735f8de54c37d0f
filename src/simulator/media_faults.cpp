#include "media_faults.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace deskbridge::simulator {
namespace {

constexpr std::array<std::string_view, 14> fault_names{"gone",     "busy",      "wrong_hash", "too_big", "expired",     "elsewhere",  "inside",
                                                      "redirect", "truncated", "cut",        "slow",    "upload_lost", "upload_busy",
                                                      "upload_forgotten"};

} // namespace

std::string_view name_of(MediaFault::Kind kind) noexcept
{
    return fault_names[static_cast<std::size_t>(kind)];
}

MediaFaults::About MediaFaults::about(MediaFault::Kind kind) noexcept
{
    if (kind <= MediaFault::Kind::inside)
        return About::link;
    return kind <= MediaFault::Kind::slow ? About::download : About::upload;
}

Result<MediaFault> media_fault_from(Json const& doc)
{
    auto const name = text_at(doc, {"kind"}).value_or("");
    auto const found = std::find(fault_names.begin(), fault_names.end(), name);
    if (found == fault_names.end()) {
        std::string all;
        for (auto const kind : fault_names)
            all.append(all.empty() ? "" : ", ").append(kind);
        return Error{Fault::malformed, "kind must be one of " + all};
    }
    MediaFault fault;
    fault.kind = static_cast<MediaFault::Kind>(found - fault_names.begin());
    fault.count = static_cast<int>(std::clamp<std::int64_t>(int_at(doc, {"count"}).value_or(1), -1, 1'000'000));
    fault.delay = std::chrono::milliseconds{std::clamp<std::int64_t>(int_at(doc, {"delay_ms"}).value_or(200), 0, 600'000)};
    if (fault.count == 0)
        return Error{Fault::malformed, "count must not be 0"};
    return fault;
}

std::optional<MediaFault> MediaFaults::next(About what)
{
    auto const found = std::find_if(waiting_.begin(), waiting_.end(), [&](auto const& fault) { return about(fault.kind) == what; });
    if (found == waiting_.end())
        return std::nullopt;
    auto const fault = *found;
    if (found->count > 0 && --found->count == 0)
        waiting_.erase(found);
    return fault;
}

Json MediaFaults::list() const
{
    auto out = Json::array();
    for (auto const& fault : waiting_)
        out.push_back(Json{{"kind", name_of(fault.kind)},
                           {"count", fault.count},
                           {"delay_ms", fault.delay.count()}});
    return out;
}

} // namespace deskbridge::simulator
