# find_package(nabla REQUIRED) defines nabla::nabla.
include(CMakeFindDependencyMacro)

list(PREPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
find_dependency(fmt)
find_dependency(GMP)
list(POP_FRONT CMAKE_MODULE_PATH)

include("${CMAKE_CURRENT_LIST_DIR}/nablaTargets.cmake")
