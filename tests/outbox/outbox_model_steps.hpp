#pragma once

#include "outbox_model.hpp"

/// What the store and the pump do with the decisions.
namespace deskbridge::test::model {

inline Timestamp const now = at(0);

/// What the store writes of a change.
void move_to(Intent& intent, IntentChange const& change);
/// A person, or the customer's next message, sends it again.
void begin_anew(Intent& intent);
/// The state alone changes.
void plain(Intent& intent, IntentState to);

void claim(World& world, Config const& config);
void tend(World& world, Config const& config);
void crash(World& world);

} // namespace deskbridge::test::model
