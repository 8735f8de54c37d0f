#pragma once

#include "simulator_world.hpp"

namespace deskbridge::test {

/// A simulator with somebody in it, and what its webhooks tell.
struct KindsWorld : SimulatorWorld {
    Json mara;

    explicit KindsWorld(int free_messages = 1000);
    /// An order about her: POST /sim/customers/{id} and what follows it.
    Json act(std::string const& verb, Json const& order);
    [[nodiscard]] std::string phone() const { return mara.at("phone").get<std::string>(); }
    /// The id of a file of this type, as a customer or the business has it.
    std::string file(std::string const& type);
    /// The values of a field that came, in the order of arrival.
    [[nodiscard]] std::vector<Json> values(std::string const& field) const;
    /// A status of this message with its price; fails the test if none comes.
    [[nodiscard]] Json priced(HttpResponse const& sent);
};

} // namespace deskbridge::test
