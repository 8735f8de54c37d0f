#include <cstddef>
#include <cstdint>
#include <string_view>

namespace deskbridge::fuzz {
void DESKBRIDGE_FUZZ_TARGET(std::string_view input);
} // namespace deskbridge::fuzz

/// What escapes from a target ends the process, which libFuzzer reports with the input.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    deskbridge::fuzz::DESKBRIDGE_FUZZ_TARGET({reinterpret_cast<char const*>(data), size});
    return 0;
}
