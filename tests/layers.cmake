# Who may include whom: lib < parser < simplify < cli; inside lib see the lines below.
#   cmake -DROOT=<source tree> -P tests/layers.cmake
#   cmake -DROOT=<scratch folder> -DSELF_TEST=ON -P tests/layers.cmake    proves that it can fail
cmake_minimum_required(VERSION 3.25)

set(lib/core lib/core)
set(lib/calculus lib/core lib/calculus)
set(lib/eval lib/core lib/eval)
set(lib/emit lib/core lib/eval lib/emit)
set(lib/optimize lib/core lib/calculus lib/eval lib/optimize)
set(parser lib parser)
set(simplify lib parser simplify)
set(cli lib parser simplify cli)

if(SELF_TEST)
  # file | what it includes | whether that is allowed
  foreach(case
      "lib/core/a.cpp|lib/core/b.hpp|yes"        "lib/eval/a.cpp|lib/core/b.hpp|yes"
      "lib/emit/a.hpp|lib/eval/b.hpp|yes"        "lib/optimize/a.cpp|lib/calculus/b.hpp|yes"
      "parser/a.cpp|lib/emit/b.hpp|yes"          "simplify/rules/a.hpp|simplify/b.hpp|yes"
      "lib/core/a.cpp|lib/calculus/b.hpp|no"     "lib/core/a.cpp|lib/eval/b.hpp|no"
      "lib/calculus/a.cpp|lib/eval/b.hpp|no"     "lib/eval/a.cpp|lib/calculus/b.hpp|no"
      "lib/emit/a.cpp|lib/calculus/b.hpp|no"     "lib/eval/a.cpp|lib/optimize/b.hpp|no"
      "lib/core/a.hpp|parser/b.hpp|no"           "parser/a.cpp|simplify/b.hpp|no"
      "simplify/a.cpp|cli/b.hpp|no"              "lib/core/a.cpp|nabla/nabla.hpp|no"
      "cli/a.cpp|tests/support/b.hpp|no"         "lib/core/a.cpp|../core/b.hpp|no"
      "lib/core/a.cpp|b.hpp|no"                  "lib/unheard/a.cpp|lib/core/b.hpp|no")
    string(REPLACE "|" ";" case "${case}")
    list(GET case 0 file)
    list(GET case 1 included)
    list(GET case 2 allowed)
    file(REMOVE_RECURSE "${ROOT}")
    file(WRITE "${ROOT}/${file}" "#pragma once\n\n#include <vector>\n#include \"${included}\"\n")
    execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${ROOT}" -P "${CMAKE_CURRENT_LIST_FILE}"
      RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE words)
    if((allowed AND NOT code EQUAL 0) OR (NOT allowed AND NOT words MATCHES "${file}:4: "))
      message(SEND_ERROR "${file} including ${included}, allowed: ${allowed}, got ${code}: ${words}")
    endif()
  endforeach()
  return()
endif()

file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/lib/*.[ch]pp" "${ROOT}/parser/*.[ch]pp"
  "${ROOT}/simplify/*.[ch]pp" "${ROOT}/cli/*.[ch]pp")
set(wrong "")
foreach(file IN LISTS files)
  string(REGEX MATCH "^(lib/[^/]*|[^/]*)" place "${file}")

  # Line numbers survive because every other line is kept, emptied of what CMake lists trip over.
  file(READ "${ROOT}/${file}" text)
  string(REGEX REPLACE "[][;\\]" " " text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  set(number 0)
  foreach(line IN LISTS lines)
    math(EXPR number "${number} + 1")
    if(NOT line MATCHES "^[ \t]*#[ \t]*include[ \t]*[\"<]([^\">]+)([\">])")
      continue()
    endif()
    set(included "${CMAKE_MATCH_1}")
    if(CMAKE_MATCH_2 STREQUAL ">" AND NOT included MATCHES "^(lib|parser|simplify|cli|nabla|tests|bench)/")
      continue()
    endif()
    set(fine FALSE)
    foreach(below IN LISTS ${place})
      if(included MATCHES "^${below}/" AND NOT included MATCHES "\\.\\./")
        set(fine TRUE)
      endif()
    endforeach()
    if(NOT fine)
      string(REPLACE ";" " " may "${${place}}")
      string(APPEND wrong "${file}:${number}: may not include \"${included}\"; ${place} sees: ${may}\n")
    endif()
  endforeach()
endforeach()

if(wrong)
  message(NOTICE "${wrong}")
  message(FATAL_ERROR "layers: an include against the order")
endif()
list(LENGTH files count)
message(STATUS "layers: ${count} files, no include against the order")
