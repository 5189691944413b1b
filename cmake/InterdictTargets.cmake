# How the project's own targets are made: one library a folder that names its direct dependencies, one test program a
# folder whose cases ctest sees by name.

add_library(interdict_warnings INTERFACE)
target_compile_options(interdict_warnings INTERFACE -Wall -Wextra -Wno-missing-field-initializers)
if(INTERDICT_WERROR)
  target_compile_options(interdict_warnings INTERFACE -Werror)
endif()

# interdict_library(NAME SOURCES a.cc … DEPS target …)
function(interdict_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE interdict_warnings)
endfunction()

# interdict_test(NAME SOURCES a_test.cc … DEPS target … [TIMEOUT seconds])
function(interdict_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} interdict_source_tree interdict_warnings GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
