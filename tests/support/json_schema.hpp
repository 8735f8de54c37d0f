#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace deskbridge::test {

/// A JSON Schema of this tree (draft 2020-12), as far as they use it: type, const, enum, pattern, lengths, required, properties,
/// additionalProperties, items, minItems, maxItems, allOf, anyOf, oneOf and references within the document. Words that only
/// describe are passed over; a word that it does not know throws, so that nothing goes unchecked.
class JsonSchema {
public:
    explicit JsonSchema(nlohmann::json whole) : whole_(std::move(whole)) {} // in braces it would be an array of one

    /// Where and how the value breaks the schema, the first thing found; "" if it does not.
    [[nodiscard]] std::string fault_of(nlohmann::json const& value) const { return fault(whole_, value, ""); }

private:
    using Json = nlohmann::json;
    [[nodiscard]] std::string fault(Json const& schema, Json const& value, std::string const& place) const;
    [[nodiscard]] std::string fault_of_word(Json const& schema, std::string const& word, Json const& value, std::string const& place) const;
    [[nodiscard]] std::string fault_of_choice(std::string const& word, Json const& choices, Json const& value, std::string const& place) const;
    [[nodiscard]] std::string fault_of_object(Json const& schema, std::string const& word, Json const& value, std::string const& place) const;

    Json whole_;
};

} // namespace deskbridge::test
