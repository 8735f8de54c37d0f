#include "deskbridge/core/time_zone.hpp"

#include "named_zone.hpp"

namespace deskbridge {

std::unique_ptr<icu::TimeZone> named_zone(std::string const& name)
{
    return std::unique_ptr<icu::TimeZone>{icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name))};
}

bool is_time_zone(std::string const& name)
{
    return name == "UTC" || *named_zone(name) != icu::TimeZone::getUnknown();
}

std::chrono::milliseconds ahead_of_utc(std::string const& zone, Timestamp at)
{
    std::int32_t standard = 0;
    std::int32_t summer = 0;
    UErrorCode status = U_ZERO_ERROR;
    named_zone(zone)->getOffset(static_cast<UDate>(to_ms(at)), false, standard, summer, status);
    return U_SUCCESS(status) ? std::chrono::milliseconds{standard + summer} : std::chrono::milliseconds{0};
}

} // namespace deskbridge
