# deskbridge_embed(target name BASE dir FILES a b …)
#
# Puts files into the binary. Generates "embedded_<name>.hpp" with
#   namespace deskbridge::embedded { std::optional<std::string_view> find_<name>(std::string_view path) noexcept;
#                                    std::span<File const> <name>() noexcept; }
# BASE is absolute or relative to the current source folder, so are FILES, which may also be relative to BASE. The paths
# asked for at run time are relative to BASE. File{path, bytes}; bytes live as long as the process.
function(deskbridge_embed target name)
  cmake_parse_arguments(ARG "" "BASE" "FILES" ${ARGN})
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name})
  get_filename_component(base ${ARG_BASE} ABSOLUTE)
  set(assembly "")
  set(externs "")
  set(rows "")
  set(index 0)
  set(paths "")
  foreach(file IN LISTS ARG_FILES)
    get_filename_component(path ${file} ABSOLUTE BASE_DIR ${base})
    if(NOT EXISTS ${path})
      get_filename_component(path ${file} ABSOLUTE)
    endif()
    file(RELATIVE_PATH shown ${base} ${path})
    set(symbol deskbridge_embedded_${name}_${index})
    string(APPEND assembly "    \".hidden ${symbol}\\n.global ${symbol}\\n${symbol}:\\n.incbin \\\"${path}\\\"\\n\"\n"
      "    \".hidden ${symbol}_end\\n.global ${symbol}_end\\n${symbol}_end:\\n.byte 0\\n\"\n")
    string(APPEND externs "extern \"C\" char const ${symbol}[];\nextern \"C\" char const ${symbol}_end[];\n")
    string(APPEND rows "    File{\"${shown}\", bytes(${symbol}, ${symbol}_end)},\n")
    list(APPEND paths ${path})
    math(EXPR index "${index} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${dir}/embedded_${name}.hpp @ONLY CONTENT [==[
#pragma once
#include <optional>
#include <span>
#include <string_view>
namespace deskbridge::embedded {
#ifndef DESKBRIDGE_EMBEDDED_FILE
#define DESKBRIDGE_EMBEDDED_FILE
struct File {
    std::string_view path;
    std::string_view bytes;
};
#endif
[[nodiscard]] std::span<File const> @name@() noexcept;
[[nodiscard]] std::optional<std::string_view> find_@name@(std::string_view path) noexcept;
} // namespace deskbridge::embedded
]==])
  file(CONFIGURE OUTPUT ${dir}/embedded_${name}.cpp @ONLY CONTENT [==[
#include "embedded_@name@.hpp"
#include <vector>
asm(".pushsection .rodata\n"
@assembly@    ".popsection\n");
@externs@
namespace deskbridge::embedded {
namespace {
std::string_view bytes(char const* first, char const* last) noexcept
{
    return {first, static_cast<std::size_t>(last - first)};
}
} // namespace
std::span<File const> @name@() noexcept
{
    static std::vector<File> const files{
@rows@    };
    return files;
}
std::optional<std::string_view> find_@name@(std::string_view path) noexcept
{
    for (auto const& file : @name@())
        if (file.path == path)
            return file.bytes;
    return std::nullopt;
}
} // namespace deskbridge::embedded
]==])
  # Compiled alone: a batch would not know that it depends on the embedded files, and keep the old ones.
  set_source_files_properties(${dir}/embedded_${name}.cpp PROPERTIES OBJECT_DEPENDS "${paths}" SKIP_PRECOMPILE_HEADERS ON
    SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${dir}/embedded_${name}.cpp)
  target_include_directories(${target} PUBLIC ${dir})
endfunction()
