#pragma once

// THE table of output languages: one row each. To add a language, add a row; the tests in
// tests/emit find it by themselves where its compiler is there.

#include <array>

#include "lib/emit/dialects_c.hpp"
#include "lib/emit/dialects_more.hpp"
#include "lib/emit/dialects_python.hpp"

namespace nabla {

inline constexpr std::array dialects{
    detail::c_row,  detail::cpp_row,  detail::cuda_row,  detail::python_row,  detail::numpy_row,
    detail::js_row, detail::rust_row, detail::julia_row, detail::fortran_row, detail::matlab_row,
};

}  // namespace nabla
