#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::fuzz {

/// An input to begin with.
struct Seed {
    std::string name;
    std::string bytes;
};

/// What the tree holds that is fit for a target: fixtures, the corpus of raw requests, catalogues, the example configuration;
/// and its committed regression inputs, tests/fuzz/regression/<target>/.
[[nodiscard]] std::vector<Seed> seeds_of(std::string_view target);

/// The words of tests/fuzz/dictionaries/<target>.dict, in libFuzzer's format: `"word"` or `name="word"`, with \\, \" and \xHH.
[[nodiscard]] std::vector<std::string> dictionary_of(std::string_view target);

} // namespace deskbridge::fuzz
