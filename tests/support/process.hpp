#pragma once

// Runs the program as a user would, and keeps what it wrote.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nabla::test {

struct Ran {
  int code = 0;  // exit code; 128 + n when signal n ended it
  std::string out, err;
};

// A shell command in which `nabla` is the program under test. The environment is small and fixed,
// so that no setting of the machine shows: C locale (or that of the test), no colour, no home.
Ran shell(std::string_view command, std::string_view input = {});

// Lines without their ends.
std::vector<std::string> lines_of(std::string_view text);

// Tab-separated lines of a corpus file; comment lines left out. Empty when the corpus is not here.
std::vector<std::vector<std::string>> corpus(std::string_view file);

}  // namespace nabla::test
