# find_package(nabla REQUIRED) defines nabla::nabla.
include(CMakeFindDependencyMacro)

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
find_dependency(fmt)
find_dependency(GMP)
find_package(asmjit CONFIG QUIET)  # where the library was built with it
list(POP_FRONT CMAKE_MODULE_PATH)

include("${CMAKE_CURRENT_LIST_DIR}/nablaTargets.cmake")
