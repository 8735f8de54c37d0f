# deskbridge_library(store SOURCES store.cpp … LINKS deskbridge_async … [PCH asio|base])
#
# One static library per folder. PCH base: the standard library, JSON, fmt. PCH asio: the same plus Asio's coroutines.
function(deskbridge_library name)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;LINKS" ${ARGN})
  add_library(deskbridge_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(deskbridge_${name} PUBLIC deskbridge_options ${ARG_LINKS})
  deskbridge_pch(deskbridge_${name} ${ARG_PCH})
endfunction()

# The libraries are compiled as they will run; the tests themselves take a third less time so (an inline function of a library that a
# test uses is the test's).
set(DESKBRIDGE_TEST_OPTIONS $<$<CONFIG:RelWithDebInfo>:-O1>)

# deskbridge_pch(target base|asio|test|test_asio): reuse one precompiled header for all targets of a kind. test…: and Catch2.
function(deskbridge_pch target kind)
  if(NOT kind)
    set(kind base)
  endif()
  if(NOT TARGET deskbridge_pch_${kind})
    file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/pch_${kind}.cpp CONTENT "")
    add_library(deskbridge_pch_${kind} STATIC ${PROJECT_BINARY_DIR}/pch_${kind}.cpp)
    target_link_libraries(deskbridge_pch_${kind} PUBLIC deskbridge_options nlohmann_json::nlohmann_json fmt::fmt
      Boost::headers Threads::Threads $<$<IN_LIST:${kind},test;test_asio>:Catch2::Catch2>)
    # In angle brackets: a path in the header would make every folder's precompiled header, and all that use it, another one.
    target_include_directories(deskbridge_pch_${kind} PRIVATE ${PROJECT_SOURCE_DIR}/cmake)
    if(kind MATCHES "^test")
      target_compile_options(deskbridge_pch_${kind} PRIVATE ${DESKBRIDGE_TEST_OPTIONS})
    endif()
    target_precompile_headers(deskbridge_pch_${kind} PRIVATE <pch_${kind}.hpp>)
  endif()
  target_precompile_headers(${target} REUSE_FROM deskbridge_pch_${kind})
endfunction()

# deskbridge_test(core SOURCES … LINKS … LABEL unit|integration [ALONE …] [ONE_THREAD] [PCH test|test_asio] [TIMEOUT s])
#
# One Catch2 program per folder, one ctest entry. `ctest -L unit` is what must stay below ten seconds.
# ALONE: sources whose short names are others' too, and which therefore stay out of the batches.
# ONE_THREAD: nothing to see for the thread sanitizer.
function(deskbridge_test name)
  cmake_parse_arguments(ARG "ONE_THREAD" "PCH;LABEL;TIMEOUT" "SOURCES;ALONE;LINKS" ${ARGN})
  if(NOT TARGET deskbridge_catch_main)
    add_library(deskbridge_catch_main STATIC ${PROJECT_SOURCE_DIR}/tests/support/catch_main.cpp)
    target_link_libraries(deskbridge_catch_main PUBLIC deskbridge_options Catch2::Catch2)
  endif()
  add_executable(test_${name} ${ARG_SOURCES} ${ARG_ALONE})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE DESKBRIDGE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(test_${name} PRIVATE deskbridge_catch_main fmt::fmt ${ARG_LINKS})
  if(NOT ARG_PCH)
    set(ARG_PCH test)
  endif()
  target_compile_options(test_${name} PRIVATE ${DESKBRIDGE_TEST_OPTIONS})
  deskbridge_pch(test_${name} ${ARG_PCH})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 900) # what hangs, not what is slow: sanitizers on a busy machine take minutes
  endif()
  add_test(NAME ${name} COMMAND test_${name})
  if(ARG_ONE_THREAD AND DESKBRIDGE_SANITIZE STREQUAL "thread")
    set(ARG_LABEL one_thread)
    set_target_properties(test_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()
