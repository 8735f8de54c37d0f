# Time, network and chance out of one seed, around the daemon's own parts. Its judge reads the file and the provider's ledger alone.
add_library(simulation_support STATIC progress.cpp shares.cpp simulation_chance.cpp simulation_customers.cpp simulation_doubts.cpp simulation_judge.cpp simulation_memory.cpp
  simulation_pace.cpp simulation_provider.cpp simulation_ready_made.cpp simulation_receipts.cpp simulation_whole.cpp simulation_world.cpp
  ${PROJECT_SOURCE_DIR}/tests/flow/meta.cpp)
target_include_directories(simulation_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(simulation_support PUBLIC deskbridge_flow deskbridge_desk deskbridge_channels SQLite::SQLite3)
deskbridge_pch(simulation_support asio)
add_executable(simulation simulation.cpp)
add_executable(send_faults send_faults.cpp send_run.cpp)
foreach(tool simulation send_faults)
  target_link_libraries(${tool} PRIVATE simulation_support)
  deskbridge_pch(${tool} asio)
endforeach()
add_test(NAME simulation COMMAND simulation --jobs 1)
add_test(NAME send_faults COMMAND send_faults --jobs 1)
add_test(NAME send_faults_hold COMMAND send_faults --policy hold --sends 4000 --seeds 0 --jobs 1)
set_tests_properties(simulation send_faults send_faults_hold PROPERTIES LABELS fault TIMEOUT 1800)
