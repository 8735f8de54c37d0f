#include "deskbridge/core/thrown.hpp"

#include <cstdlib>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>

namespace deskbridge {

std::string type_of(std::exception const& thrown)
{
    int status = 0;
    auto const* const mangled = typeid(thrown).name();
    std::unique_ptr<char, decltype(&std::free)> const name{abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free};
    return status == 0 ? name.get() : mangled;
}

std::string type_of(std::exception_ptr const& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& e) {
        return type_of(e);
    } catch (...) { // NOLINT: its kind is all we want to know
        return "unknown";
    }
}

} // namespace deskbridge
