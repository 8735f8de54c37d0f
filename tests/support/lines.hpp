#pragma once

#include "deskbridge/core/log.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::test {

/// Keeps what was logged: the event and its values.
struct Lines final : Log {
    std::vector<std::string> lines;
    void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override
    {
        auto line = std::string{event};
        for (auto const& field : fields)
            line += " " + field.value;
        lines.push_back(line);
    }
};

} // namespace deskbridge::test
