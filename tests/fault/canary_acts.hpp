#pragma once

#include "canary_scene.hpp"
#include "phone.hpp"

namespace fault {

/// What happens in a canary scene while its daemon runs. Each act waits until the log has told of it.

/// Customers, an agent, and a provider in trouble, with the simulator in its place.
void act_the_loop(CanaryScene& scene, Phone const& phone);
/// Requests that have a secret in them, or customers' words, and are refused; signed bodies that only the shelf takes.
void act_the_strangers(CanaryScene& scene);
/// SIGHUP with secrets that cannot be read, and with good ones.
void act_the_reloads(CanaryScene& scene);
/// Every command that looks at something, or copies it.
void act_the_commands(CanaryScene& scene);
/// A provider that quotes our credentials back. The daemon must be configured for `provider_port`, and stopped.
void act_the_quotes(CanaryScene& scene);
/// A provider that nobody can speak to. The daemon must be stopped.
void act_the_silence(CanaryScene& scene);
/// Configurations with a secret in the wrong place, and starts that fail. `taken_port` is somebody else's.
void act_the_mistakes(CanaryScene& scene, int taken_port);

} // namespace fault
