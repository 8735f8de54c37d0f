#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace planted {

/// A text of the daemon's source, and what stands there instead: with PLANTED for "this bug is switched on".
struct Place {
    std::string source;  ///< relative to the tree
    std::string found;   ///< occurs there exactly once
    std::string instead;
};

struct Bug {
    std::string name;
    std::string judge; ///< which tool must find it, and that tool's further arguments
    std::string finds; ///< what the judge must say, so that a crash or another failure does not count
    std::vector<Place> places;
    std::string written_at; ///< "file:line", for whoever has to mend it
};

/// The bugs of these files. A file's lines, in this order for each bug; `#` begins a remark:
///
///     bug NAME
///     judge TOOL ARGUMENT…
///     finds WORDS        several, any of which will do, are parted by " | "
///     in SOURCE          once or several times, each with
///     found
///     TEXT
///     instead
///     TEXT
///     end
///
/// Throws: std::runtime_error (a sentence with file and line).
[[nodiscard]] std::vector<Bug> read_bugs(std::vector<std::filesystem::path> const& files);

/// `source` with every place changed. Throws: std::runtime_error, which says what to do, if a text is not there exactly once.
[[nodiscard]] std::string plant(std::string const& source, std::string const& text, std::vector<Bug> const& bugs);

} // namespace planted
