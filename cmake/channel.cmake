# deskbridge_add_channel(acme [NAMESPACE acme_channel] [IN folder])
#
# Compiles acme/*.cpp (below the current folder, or IN) and enters the channel in the next registry. The folder exports one
# function:
#   namespace deskbridge::acme { channel::Adapter const& adapter() noexcept; }
# NAMESPACE: where the folder's name is a word of C++. IN: a library of its own, beside that of the same folder in the product.
# The one place where sources are found by pattern: a channel is a folder and a line, nothing else.
function(deskbridge_add_channel name)
  cmake_parse_arguments(ARG "" "NAMESPACE;IN" "" ${ARGN})
  if(NOT ARG_NAMESPACE)
    set(ARG_NAMESPACE ${name})
  endif()
  set(library channel_${name})
  if(ARG_IN)
    set(library channel_${name}_in_place)
  else()
    set(ARG_IN ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${ARG_IN}/${name}/*.cpp)
  if(NOT sources)
    message(FATAL_ERROR "deskbridge_add_channel(${name}): no sources in ${ARG_IN}/${name}")
  endif()
  deskbridge_library(${library} SOURCES ${sources} LINKS deskbridge_channel PCH base)
  set_property(GLOBAL APPEND PROPERTY DESKBRIDGE_CHANNELS ${name})
  set_property(GLOBAL PROPERTY DESKBRIDGE_CHANNEL_NAMESPACE_${name} ${ARG_NAMESPACE})
  set_property(GLOBAL PROPERTY DESKBRIDGE_CHANNEL_LIBRARY_${name} deskbridge_${library})
endfunction()

# deskbridge_channel_registry(library [WITH registry…]): after the last channel. Generates deskbridge/channel/registry.hpp's functions,
# for the channels since the registry before and those of the registries named, as a plain chain of ifs: a static initialiser could be
# dropped together with its library.
function(deskbridge_channel_registry library)
  cmake_parse_arguments(ARG "" "" "WITH" ${ARGN})
  get_property(names GLOBAL PROPERTY DESKBRIDGE_CHANNELS)
  foreach(registry IN LISTS ARG_WITH)
    get_property(its GLOBAL PROPERTY DESKBRIDGE_CHANNELS_OF_${registry})
    list(APPEND names ${its})
  endforeach()
  list(REMOVE_DUPLICATES names)
  set(declarations "")
  set(chain "")
  set(listed "")
  set(links deskbridge_channel)
  foreach(name IN LISTS names)
    get_property(namespace GLOBAL PROPERTY DESKBRIDGE_CHANNEL_NAMESPACE_${name})
    string(APPEND declarations "namespace deskbridge::${namespace} {\nchannel::Adapter const& adapter() noexcept;\n}\n")
    string(APPEND chain "    if (name == \"${name}\")\n        return &deskbridge::${namespace}::adapter();\n")
    list(APPEND listed "\"${name}\"")
    get_property(channel_library GLOBAL PROPERTY DESKBRIDGE_CHANNEL_LIBRARY_${name})
    list(APPEND links ${channel_library})
  endforeach()
  list(JOIN listed ", " listed)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${library}_registry.cpp)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [[
#include "deskbridge/channel/registry.hpp"

@declarations@
namespace deskbridge::channel {

Adapter const* find_adapter(std::string_view name) noexcept
{
@chain@    return nullptr;
}

std::vector<std::string_view> adapter_names()
{
    return {@listed@};
}

} // namespace deskbridge::channel
]])
  deskbridge_library(${library} SOURCES ${file} LINKS ${links} PCH base)
  set_property(GLOBAL PROPERTY DESKBRIDGE_CHANNELS)
  set_property(GLOBAL PROPERTY DESKBRIDGE_CHANNELS_OF_${library} ${names})
endfunction()
