# Functions are named in the function table and nowhere else: outside it (and outside the rules, which
# are mathematics) a source file says "log"_fn, never the plain string "log".
#   cmake -DROOT=<source tree> -P tests/names.cmake
#   cmake -DROOT=<scratch folder> -DSELF_TEST=ON -P tests/names.cmake    proves that it can fail
cmake_minimum_required(VERSION 3.25)

if(SELF_TEST)
  # file | a line in it, with ' for the quotes | whether that is allowed
  foreach(case
      "lib/core/build.cpp|auto f = 'sinh'_fn#|yes"         "lib/core/build.cpp|print('sinh(x)')#|yes"
      "lib/core/functions_more.hpp|call('sinh')#|yes"      "simplify/rules/hyper.hpp|'sinh'|yes"
      "lib/core/kernels.cpp|row('sinh')#|yes"              "cli/main.cpp|int a = 1#  // 'sinh' is odd|yes"
      "lib/emit/source.cpp|if (name == 'sinh') return#|no" "parser/actions.hpp|return call('ln', u)#|no"
      "cli/commands/a.cpp|words.push_back('log10')#|no"    "parser/suggest.cpp|return 'ℓ'#|no"
      "lib/core/build.cpp|f('log'_fn, 'log')#|no")
    string(REPLACE "|" ";" case "${case}")
    list(GET case 0 file)
    list(GET case 1 line)
    list(GET case 2 allowed)
    string(REPLACE "'" "\"" line "${line}")
    string(REPLACE "#" ";" line "${line}")
    file(REMOVE_RECURSE "${ROOT}")
    file(WRITE "${ROOT}/lib/core/functions.hpp"
      "Function{.name = \"sinh\",\n .value = 1},\nFunction{.name = \"log\", .aliases = \"ln log10 ℓ\"},\n")
    file(WRITE "${ROOT}/${file}" "\n// [;\n${line}\n")
    execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${ROOT}" -P "${CMAKE_CURRENT_LIST_FILE}"
      RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE words)
    if((allowed AND NOT code EQUAL 0) OR (NOT allowed AND NOT words MATCHES "${file}:3: "))
      message(SEND_ERROR "${file} saying ${line}, allowed: ${allowed}, got ${code}: ${words}")
    endif()
  endforeach()
  return()
endif()

# The names, from the rows themselves.
file(GLOB tables "${ROOT}/lib/core/functions*.hpp")
set(names)
foreach(table IN LISTS tables)
  file(READ "${table}" text)
  string(REGEX MATCHALL "\\.(name|aliases) *= *\"[^]\"[.*+?^$()|;\\]+\"" entries "${text}")
  foreach(entry IN LISTS entries)
    string(REGEX REPLACE "^[^\"]*\"([^\"]*)\"$" "\\1" words "${entry}")
    string(REGEX MATCHALL "[^ ]+" words "${words}")
    list(APPEND names ${words})
  endforeach()
endforeach()
if(tables AND NOT names)
  message(FATAL_ERROR "names: no row found in ${tables}; has the shape of the table changed?")
elseif(NOT names)
  message(STATUS "names: no function table yet")
  return()
endif()
list(REMOVE_DUPLICATES names)
string(REPLACE ";" "|" any "${names}")

file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/lib/*.[ch]pp" "${ROOT}/parser/*.[ch]pp"
  "${ROOT}/simplify/*.[ch]pp" "${ROOT}/cli/*.[ch]pp")
list(FILTER files EXCLUDE REGEX "^lib/core/(functions|kernels)[^/]*$|^simplify/rules/")
set(wrong "")
foreach(file IN LISTS files)
  file(READ "${ROOT}/${file}" text)
  if(NOT text MATCHES "\"(${any})\"([^_]|$)")
    continue()
  endif()
  # Something is there: find the lines, now with comments aside.
  string(REGEX REPLACE "[][;\\]" " " text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  set(number 0)
  foreach(line IN LISTS lines)
    math(EXPR number "${number} + 1")
    string(REGEX REPLACE "(^|[^:])//.*$" "\\1" line "${line}")
    if(line MATCHES "\"(${any})\"([^_]|$)")
      string(APPEND wrong "${file}:${number}: \"${CMAKE_MATCH_1}\" is a row of the function table; "
        "write \"${CMAKE_MATCH_1}\"_fn or read the row\n")
    endif()
  endforeach()
endforeach()

if(wrong)
  message(NOTICE "${wrong}")
  message(FATAL_ERROR "names: a function named outside its table")
endif()
list(LENGTH names count)
list(LENGTH files file_count)
message(STATUS "names: ${count} names, ${file_count} files, none names a function as plain text")
