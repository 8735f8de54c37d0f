#include "fuzz/target.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/core/media.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::fuzz {
namespace {

/// Types that a browser shows in place or runs with the rights of the page.
bool is_active(std::string_view type)
{
    constexpr std::array<std::string_view, 7> active{"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml",
                                                     "application/xml", "text/javascript", "application/javascript"};
    return std::find(active.begin(), active.end(), type) != active.end();
}

} // namespace

/// First line: the type that a customer's device announced; the rest is the file. No file is kept as what a browser runs,
/// nor as something that neither its bytes nor its sender say.
void media_type(std::string_view input)
{
    Cut cut{input};
    auto const announced = cut.line();
    auto const file = cut.rest();
    auto const sniffed = sniff_type(file);
    auto const kept = kept_type(announced, file);
    must(sniffed == sniff_type(file.substr(0, sniffed_bytes)), "more bytes were looked at than promised");
    must(!kept.empty() && !is_active(kept) && !is_active(sniffed), "a file is kept as what a browser runs");
    must(kept == sniffed || kept == "application/octet-stream" || announced.starts_with(kept), "a type that nobody has said");
    must(!sniffed.empty() || kept == "application/octet-stream", "a type for bytes that say nothing");
    must(kept == "application/octet-stream" || kept_type(kept, file) == kept, "a kept type is not kept");
    must(max_media_bytes(announced, 1000) <= 1000, "more is taken than configured");
    auto const digest = channel::sha256_as_hex(announced);
    must(digest.empty() || (digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos &&
         channel::sha256_as_hex(digest) == digest), "a digest that is none");
    auto const problem = parse_media_problem(announced);
    must(!problem || render_media_problem(*problem) == announced, "a word for another problem");
}

} // namespace deskbridge::fuzz
