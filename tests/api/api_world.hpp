#pragma once

#include "deskbridge/api/api.hpp"
#include "desk/scene.hpp"
#include "support/scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace deskbridge::test {

/// Unix users that every Linux system has.
enum class Peer : std::uint32_t { root = 0, ana = 1, ben = 2, stranger = 3 };

/// The API's routes over a desk with two agents: Ana (administrator, is the user with uid 1), Ben (agent, uid 2).
class ApiWorld {
public:
    ApiWorld();

    struct Call {
        std::string method;
        std::string target;
        nlohmann::json body{};          ///< null: none
        std::optional<Peer> peer{Peer::ana}; ///< nullopt: over TCP
        Headers headers{};
    };
    struct Said {
        int status{0};
        nlohmann::json json;
        std::string type; ///< Content-Type
    };
    /// What is asked and answered is held against schemas/openapi.yaml on the way.
    Said call(Call const& call);
    /// The same with a body that is no JSON.
    Said call_raw(std::string method, std::string target, std::string body, Headers headers = {});

    boost::asio::io_context io{1}; // before the store: its writer still posts to it while it drains
    Scene scene;
    async::Pool pool{1};
    ScratchFolder scratch;
    store::MediaFolder media{scratch.path() / "media"};
    bool room{true}; ///< on the disk of that folder
    desk::Desk desk;
    NoLog log;
    std::vector<store::ReplayWish> wishes; ///< bodies that were to be read again; each answers three events
    api::Api api;

private:
    [[nodiscard]] boost::asio::awaitable<Result<store::Replayed>> replay(store::ReplayWish const& wish);
    Said perform(net::Request request);
    /// As the server does with a body that is not kept; what refuses it, if something does.
    [[nodiscard]] std::optional<HttpResponse> receive(net::Route const& route, net::Request& request);
};

} // namespace deskbridge::test
