#pragma once

#include "command_line.hpp"

#include <string>

namespace deskbridge::app {

/// A command's help also tells the options that are taken everywhere.
class HelpPage : public CLI::Formatter {
public:
    std::string make_footer(CLI::App const* app) const override;
};

/// Tells what was wrong with the words, and where help about their command is. Answers the exit status.
int explain_usage(CLI::App& app, CLI::ParseError const& error, int argc, char** argv);

} // namespace deskbridge::app
