#pragma once

#include "problem.hpp"

#include "deskbridge/core/time.hpp"
#include "deskbridge/net/http_server.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskbridge::api {

// What fields may be long, in bytes: `desk` and the adapters count characters.
constexpr std::size_t max_word = 200;
constexpr std::size_t max_text = 20000;
constexpr std::size_t max_template_name = 600; // providers allow 512
constexpr std::size_t max_values = 64;         // of a template
constexpr std::size_t max_value = 8192;

/// Reads a request's JSON object field by field; what is wrong, missing or was never asked for becomes an error.
class Fields {
public:
    /// An empty body is an empty object. Depth is bounded; duplicate keys are errors.
    explicit Fields(std::string_view body);

    [[nodiscard]] std::string text(std::string_view name, std::size_t max_bytes); ///< required, not empty
    [[nodiscard]] std::string optional_text(std::string_view name, std::size_t max_bytes);
    [[nodiscard]] std::optional<std::string> nullable_text(std::string_view name, std::size_t max_bytes); ///< required; null: nullopt
    /// An object of texts; absent: none.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> optional_texts(std::string_view name, std::size_t most,
                                                                                  std::size_t max_bytes);
    [[nodiscard]] std::int64_t optional_id(std::string_view name); ///< 0: absent
    [[nodiscard]] std::vector<std::int64_t> ids(std::string_view name); ///< required, not empty
    [[nodiscard]] std::vector<std::int64_t> optional_ids(std::string_view name); ///< absent: none
    [[nodiscard]] bool optional_flag(std::string_view name); ///< absent: false
    [[nodiscard]] bool has(std::string_view name) const { return object_.contains(name); }
    void report(std::string_view name, std::string detail);

    /// Every error, those for unknown fields included. Call it last.
    [[nodiscard]] std::vector<FieldError> const& finish();

private:
    [[nodiscard]] nlohmann::json const* find(std::string_view name, bool required);
    [[nodiscard]] std::string checked(std::string_view name, nlohmann::json const& value, std::size_t max_bytes);
    nlohmann::json object_ = nlohmann::json::object();
    std::vector<std::string> known_;
    std::vector<FieldError> errors_;
};

/// A query parameter as a whole number within bounds; `otherwise` if absent. Errors are appended.
[[nodiscard]] std::int64_t whole_number(net::Request const& request, std::string_view name, std::int64_t otherwise,
                                        std::pair<std::int64_t, std::int64_t> bounds, std::vector<FieldError>& errors);

/// A query parameter as a moment; nullopt if absent. Errors are appended.
[[nodiscard]] std::optional<Timestamp> moment(net::Request const& request, std::string_view name, std::vector<FieldError>& errors);

/// Query parameters that were never asked for, or stand there twice, are errors: a misspelt filter must not look like an answer.
void check_parameters(net::Request const& request, std::span<std::string_view const> known, std::vector<FieldError>& errors);

/// The number in the path. What is no number names nothing: it is 0, which nobody has.
[[nodiscard]] std::int64_t number_in_path(net::Request const& request);

/// What the body said that it should not have; call it last.
void take_errors(Fields& fields, std::vector<FieldError>& errors);

/// Nothing is asked for in the body.
void read_nothing(net::Request const& request, std::vector<FieldError>& errors);

/// What makes a request that comes twice one request; "" if it says nothing.
[[nodiscard]] std::string idempotency_key(net::Request const& request, std::vector<FieldError>& errors);

/// "a,b,c" as words; empty ones are left out.
[[nodiscard]] std::vector<std::string> words_of(std::string_view list);

} // namespace deskbridge::api
