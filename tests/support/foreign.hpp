#pragma once

// Generated code run by its own language: files in a private folder, compilers started without a
// shell, shared libraries loaded into the test.

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace nabla::test {

// The same number, zero signs included. One NaN is like another: IEEE leaves sign and payload open.
inline bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

inline const std::vector<double>& edge_values() {
  using limits = std::numeric_limits<double>;
  static const std::vector<double> values{0.0,
                                          -0.0,
                                          1.0,
                                          -1.0,
                                          0.5,
                                          -0.5,
                                          2.0,
                                          3.0,
                                          -2.0,
                                          1e-8,
                                          1e8,
                                          -1e16,
                                          1e-160,
                                          700.,
                                          -700.,
                                          1e10,
                                          1e300,
                                          limits::infinity(),
                                          -limits::infinity(),
                                          limits::quiet_NaN(),
                                          limits::denorm_min(),
                                          -limits::denorm_min(),
                                          limits::min() / 2,
                                          limits::min(),
                                          limits::max(),
                                          -limits::max(),
                                          limits::epsilon()};
  return values;
}

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "nabla_test_XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string operator/(std::string_view file) const { return path_ / file; }
  void write(std::string_view file, std::string_view text) const {
    std::ofstream(path_ / file, std::ios::binary) << text;
  }
  std::string read(std::string_view file) const {
    std::ostringstream text;
    text << std::ifstream(path_ / file, std::ios::binary).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path path_;
};

struct Outcome {
  int status = -1;     // 0 when the program was found and succeeded
  std::string output;  // stdout and stderr
};

inline Outcome run(const std::vector<std::string>& words) {
  const Folder folder;
  const std::string log = folder / "log";
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return {.status = 127, .output = "cannot start " + words[0]};
  int status = 0;
  waitpid(child, &status, 0);
  return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128, .output = folder.read("log")};
}

// A shared library made from source text, with warnings as errors. Contraction is off, and so are
// the compiler's own versions of the mathematical functions: g++ rounds cbrt(6.0) correctly while
// compiling, glibc does not while running.
class Library {
 public:
  Library(const std::vector<std::string>& compiler, std::string_view file, std::string_view text) {
    folder_.write(file, text);
    std::vector<std::string> words = compiler;
    for (const char* flag : {"-O2", "-ffp-contract=off", "-fno-builtin", "-fPIC", "-shared",
                             "-Wall", "-Wextra", "-Werror", "-o"}) {
      words.emplace_back(flag);
    }
    words.push_back(folder_ / "library.so");
    words.push_back(folder_ / file);
    words.emplace_back("-lm");
    const Outcome outcome = run(words);
    messages_ = outcome.output;
    if (outcome.status == 0)
      handle_ = dlopen((folder_ / "library.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() {
    if (handle_ != nullptr) dlclose(handle_);
  }

  explicit operator bool() const { return handle_ != nullptr; }
  const std::string& messages() const { return messages_; }
  template <typename T>
  T* find(const char* name) const {
    return reinterpret_cast<T*>(dlsym(handle_, name));
  }

 private:
  Folder folder_;
  std::string messages_;
  void* handle_ = nullptr;
};

}  // namespace nabla::test
