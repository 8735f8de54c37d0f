# Flags of every target of ours; third-party headers are system headers and keep their warnings to themselves.
add_library(deskbridge_options INTERFACE)
target_compile_features(deskbridge_options INTERFACE cxx_std_20)
target_include_directories(deskbridge_options INTERFACE ${PROJECT_SOURCE_DIR}/include)
# In a batch the names of the files before are in view, and a coroutine's frame that keeps a lambda looks to GCC like a type
# from a header: so -Wshadow asks for locals alone there, and sees the rest without batches (and in the fuzz preset).
set(DESKBRIDGE_BATCHES OFF)
set(shadow -Wshadow)
if(DESKBRIDGE_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(DESKBRIDGE_BATCHES ON)
  set(shadow -Wshadow=local -Wno-subobject-linkage)
endif()
# -Wnull-dereference is off: GCC 12 reports it inside Boost at -O2.
target_compile_options(deskbridge_options INTERFACE
  -Wall -Wextra -Wpedantic ${shadow} -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wswitch-enum -Wformat=2
  $<$<BOOL:${DESKBRIDGE_WERROR}>:-Werror>)
# What GCC 12 reports at -O2 about its own std::string (PR 105329, PR 105651), and about the frames of awaitables that it
# inlines into their callers; without optimisation, and with Clang, these warnings stay on.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(deskbridge_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:-Wno-array-bounds;-Wno-stringop-overread;-Wno-stringop-overflow;-Wno-restrict;-Wno-mismatched-new-delete>)
endif()
target_compile_definitions(deskbridge_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE JSON_USE_IMPLICIT_CONVERSIONS=0 SPDLOG_FMT_EXTERNAL)

if(DESKBRIDGE_SANITIZE)
  target_compile_options(deskbridge_options INTERFACE -fsanitize=${DESKBRIDGE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(deskbridge_options INTERFACE -fsanitize=${DESKBRIDGE_SANITIZE})
  # A trap instead of a call that says what is wrong takes a third less time to compile; with ASAN_OPTIONS=handle_sigill=1 the
  # address sanitizer prints the line and the stack. `vptr` cannot trap. The fuzz preset has it, and words.
  if(DESKBRIDGE_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(deskbridge_options INTERFACE -fsanitize-undefined-trap-on-error -fno-sanitize=vptr)
  elseif(DESKBRIDGE_SANITIZE MATCHES "undefined")
    target_compile_options(deskbridge_options INTERFACE -fno-sanitize-recover=undefined)
  endif()
  if(DESKBRIDGE_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(deskbridge_options INTERFACE -Wno-tsan) # GCC 12 cannot model Asio's fences
  endif()
else()
  target_compile_options(deskbridge_options INTERFACE -fstack-protector-strong $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
  target_compile_definitions(deskbridge_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(deskbridge_options INTERFACE -Wl,-z,relro,-z,now)
endif()

# One flag for libraries and programs alike, so that they can share precompiled headers.
target_compile_options(deskbridge_options INTERFACE -fPIE)
target_link_options(deskbridge_options INTERFACE -pie)

# Identical sources and flags are compiled once per machine. PCH needs these sloppiness switches.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
    CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=10G ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(deskbridge_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
  else()
    target_compile_options(deskbridge_options INTERFACE -fpch-preprocess)
  endif()
endif()
