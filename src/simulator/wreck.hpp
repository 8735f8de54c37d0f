#pragma once

#include "mishap.hpp"
#include "world.hpp"

#include "deskbridge/net/http_server.hpp"

namespace deskbridge::simulator {

/// The mishaps that no well-behaved HTTP server can have: what happens to the connection instead of an answer, or around `answer`.
/// Empty for all other kinds. Threads: the reactor.
[[nodiscard]] net::TakeOver wreck(World& world, Mishap const& mishap, HttpResponse const& answer);

} // namespace deskbridge::simulator
