#pragma once

// Programs of others: started without a shell, in a private folder that goes away with its object.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/limits.hpp"

namespace nabla {

class TemporaryFolder {
 public:
  TemporaryFolder();  // readable by nobody else; its path is empty where it could not be made
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  bool exists() const { return !path_.empty(); }
  std::string operator/(std::string_view file) const { return path_ / file; }
  bool write(std::string_view file, std::string_view text) const;
  std::string read(std::string_view file) const;

 private:
  std::filesystem::path path_;
};

struct Ended {
  bool found = true;     // false: there is no such program
  bool stopped = false;  // killed, because the stop flag was set
  int status = 0;        // of exit; 128 + n where signal n ended it
  std::string output;    // stdout and stderr
};

// Runs words[0], looked for in PATH, with the rest as its arguments and nothing on stdin, and waits
// for its end. The words reach the program as they are.
Ended run_program(const std::vector<std::string>& words, const TemporaryFolder&, const Stop* stop);

}  // namespace nabla
