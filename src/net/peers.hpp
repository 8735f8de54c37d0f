#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace deskbridge::net {

class Session;

/// Sessions that wait for their client, the longest first in each row.
struct Waiters {
    std::list<Session*> idle; ///< for a request or a handshake: nothing is lost by closing
    std::list<Session*> slow; ///< in the middle of a body or of an answer
    /// Whoever makes room first; null: nobody waits.
    [[nodiscard]] Session* oldest() const noexcept
    {
        auto const& row = idle.empty() ? slow : idle;
        return row.empty() ? nullptr : row.front();
    }
};

/// One neighbour (see `neighbour_of`): its connections, or through a proxy its requests in work.
struct Peer {
    std::size_t seats{0};
    Waiters waiters;
};

/// The neighbours that have a seat now. Threads: the reactor.
class Peers {
public:
    /// A seat of one neighbour's share, for as long as it lives.
    class Seat {
    public:
        Seat() = default;
        Seat(Peers& peers, std::shared_ptr<Peer> peer, std::string name)
            : peers_{&peers}, peer_{std::move(peer)}, name_{std::move(name)}
        {
            peers_->count(*peer_, peer_->seats + 1);
        }
        Seat(Seat&& other) noexcept = default;
        Seat& operator=(Seat&&) = delete;
        ~Seat()
        {
            if (!peer_)
                return;
            peers_->count(*peer_, peer_->seats - 1);
            if (peer_->seats == 0)
                peers_->peers_.erase(name_);
        }
        /// Null: counts for nobody.
        [[nodiscard]] Peer* peer() const noexcept { return peer_.get(); }

    private:
        Peers* peers_{nullptr};
        std::shared_ptr<Peer> peer_; ///< null after a move
        std::string name_;
    };

    [[nodiscard]] Peer* find(std::string const& name) const
    {
        auto const found = peers_.find(name);
        return found == peers_.end() ? nullptr : found->second.get();
    }
    /// The waiting sessions of whoever has the most seats, if that is more than one and somebody waits; else null.
    [[nodiscard]] Waiters const* crowd() const noexcept
    {
        for (auto const& [seats, peer] : by_seats_)
            if (seats > 1 && peer->waiters.oldest() != nullptr)
                return &peer->waiters;
        return nullptr;
    }
    [[nodiscard]] Seat take(std::string name)
    {
        auto& peer = peers_[name];
        if (!peer)
            peer = std::make_shared<Peer>();
        return Seat{*this, peer, std::move(name)};
    }

private:
    void count(Peer& peer, std::size_t seats)
    {
        auto place = by_seats_.extract({peer.seats, &peer});
        peer.seats = seats;
        if (place.empty()) {
            by_seats_.emplace(seats, &peer);
            return;
        }
        place.value().first = seats;
        if (seats > 0)
            by_seats_.insert(std::move(place));
    }
    std::map<std::string, std::shared_ptr<Peer>> peers_;
    std::set<std::pair<std::size_t, Peer*>, std::greater<>> by_seats_;
};

} // namespace deskbridge::net
