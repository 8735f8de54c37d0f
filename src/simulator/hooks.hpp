#pragma once

#include "emitter.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace deskbridge::simulator {

/// The webhooks of all numbers. Numbers with one URL and the same secrets are of one app of the provider's: they share POSTs.
/// Threads: the reactor.
class Hooks {
public:
    explicit Hooks(Emitter::Parts parts) : parts_{parts} {}

    void add(Number const& number, HookSettings settings);
    /// Takes up what the ledger has unfinished.
    void start();
    void stop();
    /// By the hook of the update's number, if the app gets webhooks of that kind.
    void emit(Update update);

    /// Who says whether it does; nobody: it gets all.
    void ask(std::function<bool(Update const&)> hears) { hears_ = std::move(hears); }

    /// Of the first number, if there is none of this id.
    [[nodiscard]] Emitter& of(std::string const& phone_number_id);
    [[nodiscard]] std::vector<std::string> waiting_message_ids() const;
    /// Calls `visit` for each hook once.
    void for_each(std::function<void(Emitter&)> const& visit);

private:
    Emitter::Parts parts_;
    std::function<bool(Update const&)> hears_;
    std::vector<std::unique_ptr<Emitter>> emitters_;
    std::map<std::string, Emitter*> by_number_;
};

} // namespace deskbridge::simulator
