#pragma once

#include "ground.hpp"

namespace bench {

// The lines of the table, each measured on its own. Throw: std::runtime_error (something did not go as it must; no figure).

using Items = std::vector<Item>;
[[nodiscard]] Items measure_throughput(Ground& ground, Syncs& syncs); ///< 256 connections, beside the limits and the peer
[[nodiscard]] Items measure_shapes(Ground& ground, Syncs& syncs);     ///< 64 connections, four sizes of bodies, and new tickets
[[nodiscard]] Items measure_latency(Ground& ground, Syncs& syncs);    ///< open loop, TLS
[[nodiscard]] Items measure_cost(Ground& ground, Syncs& syncs);       ///< instructions of a webhook, beside their budget
[[nodiscard]] Items measure_acknowledgement(Ground& ground, Syncs& syncs); ///< open loop; until it is handed to the provider
[[nodiscard]] Items measure_outbox(Ground& ground, Syncs& syncs);     ///< beside a bare client that journals the same rows
[[nodiscard]] Items measure_memory(Ground& ground, Syncs& syncs);     ///< idle, and what connections cost
[[nodiscard]] Items measure_large(Ground& ground, Syncs& syncs);      ///< what a large database changes: growth, memory, questions, start
[[nodiscard]] Items measure_binary(Ground& ground, Syncs& syncs);

/// At the end of an item: what the disk did in the same minutes.
void add_syncs(Item& item, Syncs const& syncs);

} // namespace bench
