#pragma once

#include "channels/fixture.hpp"
#include "simulator/simulator_world.hpp"

#include <map>
#include <string>
#include <vector>

namespace deskbridge::test {

/// A simulator in which everybody and everything exists that a channel's fixtures speak of: its conformance.json says which orders make it so.
struct Provider : SimulatorWorld {
    explicit Provider(std::string const& channel);

    /// The provider's answer to a request of the adapter's; the file in it has the size that it announces.
    HttpResponse judge(channel::Step const& step, Json const& files = Json::array());
    /// The same of a question, which it must take.
    HttpResponse take(HttpRequest const& request);
    /// A file that was uploaded before: what the adapter knows it by.
    void keep(std::string const& known_as, std::string const& type);
    /// A file that a customer has sent. Answers its id.
    std::string place(std::string const& path, std::string const& type, std::string const& bytes);
    /// From now on the provider's id stands where the adapter names its scripted one.
    void rename(Json const& scripted, HttpResponse const& answer);
    /// What fails later, once it was taken: "131047", each once.
    std::vector<std::int64_t> failures();
    /// Orders of its control API, in turn; the id that one answers has the name that it says ("as"), and stands for "${name}" after it.
    void obey(Json const& orders);
    [[nodiscard]] std::string filled(std::string text) const;
    /// Plays a fixture's messages against its scripted answers, and puts every request before the provider too. Answers how many they were.
    int play(Fixture const& fixture);

private:
    Json simulator_;                           ///< of conformance.json
    std::map<std::string, std::string> ids_;   ///< of files: the adapter's, the provider's
    std::map<std::string, std::string> names_; ///< what orders have made
};

/// Of a channel's conformance.json.
[[nodiscard]] Json judge_of(std::string const& channel);
/// The channels that name such a judge.
[[nodiscard]] std::vector<std::string> judged_by(std::string const& kind);

} // namespace deskbridge::test
