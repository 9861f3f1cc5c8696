#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nabla::test {
namespace {

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(int i) {
    if (ends[i] >= 0) ::close(ends[i]);
    ends[i] = -1;
  }
};

// Reads what is there; false at the end.
bool drain(Pipe& pipe, std::string& to) {
  std::array<char, 65536> block;
  const auto got = ::read(pipe.ends[0], block.data(), block.size());
  if (got <= 0) {
    pipe.close_end(0);
    return false;
  }
  to.append(block.data(), static_cast<std::size_t>(got));
  return true;
}

}  // namespace

Ran shell(std::string_view command, std::string_view input) {
  ::signal(SIGPIPE, SIG_IGN);
  Pipe in, out, err;
  const std::string text(command);
  const std::string path = "PATH=" + std::filesystem::path(NABLA_BINARY).parent_path().string() +
                           ":/usr/local/bin:/usr/bin:/bin";
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(in.ends[0], 0);
    ::dup2(out.ends[1], 1);
    ::dup2(err.ends[1], 2);
    const char* const tested = std::getenv("NABLA_TEST_LOCALE");
    const char* const where = std::getenv("LOCPATH");
    std::string locale = std::string("LC_ALL=") + (tested && *tested ? tested : "C"),
                locales = std::string("LOCPATH=") + (where ? where : ""),
                home = "HOME=/nonexistent", plain = "NO_COLOR=1", bin = "BIN=nabla";
    std::string program = path;
    char* const environment[] = {program.data(), locale.data(), locales.data(), home.data(),
                                 plain.data(),   bin.data(),    nullptr};
    ::execle("/bin/bash", "bash", "-c", text.c_str(), nullptr, environment);
    ::_exit(127);
  }
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  Ran ran;
  while (in.ends[1] >= 0 || out.ends[0] >= 0 || err.ends[0] >= 0) {
    if (in.ends[1] >= 0 && input.empty()) in.close_end(1);
    std::array<pollfd, 3> wait{pollfd{in.ends[1], POLLOUT, 0}, pollfd{out.ends[0], POLLIN, 0},
                               pollfd{err.ends[0], POLLIN, 0}};
    ::poll(wait.data(), wait.size(), -1);
    if (wait[0].revents) {
      // Small pieces: a pipe that has room takes this much without blocking.
      const auto written =
          ::write(in.ends[1], input.data(), std::min<std::size_t>(input.size(), 4096));
      if (written <= 0)
        input = {};
      else
        input.remove_prefix(static_cast<std::size_t>(written));
    }
    if (wait[1].revents) drain(out, ran.out);
    if (wait[2].revents) drain(err, ran.err);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<std::vector<std::string>> corpus(std::string_view file) {
  std::ifstream in(std::filesystem::path(NABLA_SHARED_DIR) / "corpus" / file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) continue;
    auto& row = rows.emplace_back();
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find('\t', begin), line.size());
      row.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return rows;
}

}  // namespace nabla::test
