#pragma once

#include "deskbridge/core/http.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace deskbridge::test {

/// schemas/openapi.yaml, held against what is asked and answered.
class Document {
public:
    /// The one of this tree. Read once.
    [[nodiscard]] static Document const& of_this_tree();
    explicit Document(nlohmann::json whole) : whole_(std::move(whole)) {} // in braces it would be an array of one

    /// "GET /v1/me", …
    [[nodiscard]] std::set<std::string> routes() const;

    /// What the answer has and the document has not, the other way round, and values of another kind; of a request that was
    /// taken also the parameters and fields that it had. None: they agree.
    [[nodiscard]] std::vector<std::string> differences(std::string const& pattern, HttpRequest const& request, int status,
                                                       nlohmann::json const& answer) const;

private:
    using Differences = std::vector<std::string>;
    struct Value {
        nlohmann::json const& json;
        std::string place;
    };
    [[nodiscard]] nlohmann::json const& resolved(nlohmann::json const& node) const;
    [[nodiscard]] nlohmann::json merged(nlohmann::json const& schema) const;
    void compare(nlohmann::json const& schema, Value const& value, Differences& out) const;
    void compare_object(nlohmann::json const& schema, Value const& value, Differences& out) const;
    void compare_request(nlohmann::json const& path, nlohmann::json const& operation, HttpRequest const& request, Differences& out) const;

    nlohmann::json whole_;
};

} // namespace deskbridge::test
