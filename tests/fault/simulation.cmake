# Time, network and chance out of one seed, around the daemon's own parts. Its judge reads the file and the provider's ledger alone.
add_library(simulation_support STATIC simulation_customers.cpp simulation_judge.cpp simulation_provider.cpp simulation_whole.cpp simulation_world.cpp
  ${PROJECT_SOURCE_DIR}/tests/flow/meta.cpp)
target_include_directories(simulation_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(simulation_support PUBLIC deskbridge_flow deskbridge_desk deskbridge_channels SQLite::SQLite3)
deskbridge_pch(simulation_support asio)
foreach(tool simulation send_faults)
  add_executable(${tool} ${tool}.cpp)
  target_link_libraries(${tool} PRIVATE simulation_support)
  deskbridge_pch(${tool} asio)
  add_test(NAME ${tool} COMMAND ${tool})
  set_tests_properties(${tool} PROPERTIES LABELS fault TIMEOUT 1800)
endforeach()
