#include "fuzz/target.hpp"

#include "simulator/multipart.hpp"

namespace deskbridge::fuzz {

/// First line: the Content-Type; the rest is the body. The parts lie in the body, in order, none in another.
void multipart(std::string_view input)
{
    Cut cut{input};
    auto const type = cut.line();
    auto const body = cut.rest();
    auto const parts = simulator::parse_multipart(type, body);
    if (!parts)
        return;
    auto const* at = body.data();
    for (auto const& part : *parts) {
        must(part.name.size() <= body.size() && part.filename.size() <= body.size(), "a name that nobody sent");
        if (part.bytes.empty())
            continue;
        must(part.bytes.data() >= at && part.bytes.data() + part.bytes.size() <= body.data() + body.size(),
             "a part lies outside the body");
        at = part.bytes.data() + part.bytes.size();
    }
}

} // namespace deskbridge::fuzz
