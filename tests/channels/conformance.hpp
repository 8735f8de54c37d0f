#pragma once

#include "channels/fixture.hpp"

namespace deskbridge::test {

/// What a channel's fixtures have, in the words of `required_of_channels`: "message:text", "receipt:read", "send:refused:account", …
[[nodiscard]] std::vector<std::string> covered_by(std::string const& channel);

/// What every channel must have a fixture for, or say in its conformance.json why it has no such thing.
[[nodiscard]] std::vector<std::string> const& required_of_channels();

/// The first inbound fixture of a channel that means a message in words.
[[nodiscard]] Fixture const& plain_text_fixture(std::string const& channel);

/// An event breaks a promise that everybody behind `parse` relies on: which one; "" if none.
[[nodiscard]] std::string broken_promise(InboundEvent const& event);

} // namespace deskbridge::test
