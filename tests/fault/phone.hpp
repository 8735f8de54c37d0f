#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace fault {

/// `deskbridge simulate` as a process of its own, in the provider's place, and one customer's phone. Throws if it does not start.
class Phone {
public:
    struct Customer {
        std::string name{"Mara"};
        std::string number{}; ///< "": one is invented
    };
    /// `folder`: the daemon's, whose secrets it shares. `port`: where the provider listens; `hook_port`: the daemon's.
    Phone(std::string const& program, std::filesystem::path const& folder, int port, int hook_port);
    Phone(std::string const& program, std::filesystem::path const& folder, int port, int hook_port, Customer const& customer);
    ~Phone();
    Phone(Phone const&) = delete;
    Phone& operator=(Phone const&) = delete;

    /// Answers the message's id.
    std::string says(std::string const& text) const;
    /// A photo with these bytes.
    void sends(std::string const& bytes, std::string const& type = "image/jpeg") const;
    /// The same, written so long ago and delivered only now.
    std::string said(std::string const& text, int seconds_ago) const;
    /// The provider changes one of the account's templates, as `POST /sim/templates` has it.
    void changes_template(nlohmann::json const& order) const;
    /// The provider thinks otherwise of the account, as `POST /sim/account` has it.
    void changes_account(nlohmann::json const& order) const;
    /// The next files that are asked for go wrong in this way; all of them with -1, until `goes_right`.
    void goes_wrong(std::string const& kind, int count = 1) const;
    void goes_right() const;
    /// The next requests to send something go wrong in this way.
    void refuses(std::string const& kind, int count = 1) const;
    /// How the customer's own message stands: sent, delivered, read; "" if it is not there.
    [[nodiscard]] std::string ticks(std::string const& id) const;
    /// Did a text with these words arrive on the phone?
    [[nodiscard]] bool shows(std::string const& words) const;
    /// Messages from the business that carry a file and arrived, oldest first, in the provider's shape: {"type", "content", …}.
    [[nodiscard]] nlohmann::json files() const;
    /// What lies behind the id of a message's file.
    [[nodiscard]] std::string bytes_of(std::string const& media) const;
    /// How many uploads the provider has taken.
    [[nodiscard]] std::size_t uploads() const;

private:
    [[nodiscard]] nlohmann::json get(std::string const& path) const;
    nlohmann::json post(std::string const& path, nlohmann::json const& order) const;
    [[nodiscard]] nlohmann::json messages() const;
    [[nodiscard]] std::string chat() const { return "/sim/customers/" + customer_; }

    int port_;
    pid_t pid_{-1};
    std::string customer_;
};

} // namespace fault
