# Files compiled for processors that not everybody has must not bring inline functions of others: the
# linker keeps one of each, for all. Objects in OBJECTS, read with NM:
#   cmake -DNM=nm "-DOBJECTS=a.o;b.o" -P isolated.cmake
set(seen 0)
foreach(object IN LISTS OBJECTS)
  if(NOT object MATCHES "interpret/(rows_avx|point_fma)")
    continue()
  endif()
  math(EXPR seen "${seen} + 1")
  execute_process(COMMAND "${NM}" -C "${object}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL " W [^\n]*" shared "${symbols}")
  if(shared)
    message(FATAL_ERROR "${object} has functions that it shares with others:${shared}")
  endif()
endforeach()
message(STATUS "${seen} objects looked at")
