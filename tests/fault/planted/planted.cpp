#include "planted.hpp"

#include <cstdlib>
#include <string>

bool planted::on(std::string_view name)
{
    static std::string const chosen = [] {
        auto const* const word = std::getenv("DESKBRIDGE_PLANTED");
        return std::string{word ? word : ""};
    }();
    return chosen == name;
}
