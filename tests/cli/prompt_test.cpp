// The prompt at a terminal: a pseudo terminal stands in for the user's.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

namespace nabla {
namespace {

namespace fs = std::filesystem;

class Terminal {
 public:
  explicit Terminal(const fs::path& state) {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) return;
    const std::string slave = ::ptsname(master_);
    std::string home = "XDG_STATE_HOME=" + state.string(), kind = "TERM=xterm",
                locale = "LC_ALL=C.UTF-8";
    child_ = ::fork();
    if (child_ != 0) return;
    ::setsid();
    const int terminal = ::open(slave.c_str(), O_RDWR);
    ::ioctl(terminal, TIOCSCTTY, 0);
    winsize size{.ws_row = 50, .ws_col = 200, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(terminal, TIOCSWINSZ, &size);
    for (int i = 0; i < 3; ++i) ::dup2(terminal, i);
    char* const environment[] = {home.data(), kind.data(), locale.data(), nullptr};
    ::execle(NABLA_BINARY, "nabla", nullptr, environment);
    ::_exit(127);
  }
  ~Terminal() {
    if (child_ > 0 && !ended_) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    if (master_ >= 0) ::close(master_);
  }

  void type(std::string_view keys) {
    ASSERT_EQ(::write(master_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }

  // Reads until the text was shown since the last call; 20 seconds are for machines under load.
  bool shows(std::string_view text) {
    for (int waited = 0; waited < 200; ++waited) {
      if (const auto at = seen_.find(text); at != seen_.npos) {
        seen_.erase(0, at + text.size());
        return true;
      }
      read_some();
    }
    return false;
  }

  // Ctrl-D until the program ends: one that comes while the terminal is still in its line mode is
  // lost. Goes on reading, because a program that ends waits until the terminal has taken what it
  // wrote.
  int leave() {
    int status = 0;
    for (int waited = 0; waited < 200; ++waited) {
      if (waited % 5 == 0 && ::write(master_, "\x04", 1) != 1) return -2;
      if (::waitpid(child_, &status, WNOHANG) == child_) {
        ended_ = true;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      read_some();
    }
    return -1;
  }

  void interrupt() { ::kill(child_, SIGINT); }
  void wait() { read_some(); }

  const std::string& seen() const { return seen_; }

 private:
  // What arrives within a tenth of a second.
  void read_some() {
    pollfd input{master_, POLLIN, 0};
    if (::poll(&input, 1, 100) <= 0) return;
    std::array<char, 4096> block;
    const auto got = ::read(master_, block.data(), block.size());
    if (got > 0)
      seen_.append(block.data(), static_cast<std::size_t>(got));
    else
      ::usleep(100'000);  // the other side is closed
  }

  int master_ = -1;
  pid_t child_ = -1;
  bool ended_ = false;
  std::string seen_;
};

struct Prompt : testing::Test {
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "nabla_prompt_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    state = name;
  }
  void TearDown() override { fs::remove_all(state); }

  fs::path state;
  fs::path history() const { return state / "nabla" / "history"; }
};

TEST_F(Prompt, DefinesAndAnswers) {
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("f(x) = x²\n");
  EXPECT_TRUE(t.shows("f(x) = x^2\r\n> ")) << t.seen();
  t.type("f'(3)\n");
  EXPECT_TRUE(t.shows("\r\n6\r\n> ")) << t.seen();
  t.type("ans/4\n");
  EXPECT_TRUE(t.shows("\r\n3/2\r\n= 1.5\r\n> ")) << t.seen();
  EXPECT_EQ(t.leave(), 0);
}

TEST_F(Prompt, AnErrorIsShownAndTheSessionGoesOn) {
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("a = 2\n");
  EXPECT_TRUE(t.shows("> ")) << t.seen();
  t.type("1 +* 2\n");
  EXPECT_TRUE(t.shows("P001")) << t.seen();
  t.type("a + 1\n");
  EXPECT_TRUE(t.shows("= 3\r\n> ")) << t.seen();
}

TEST_F(Prompt, AnOpenBracketGoesOnInTheNextLine) {
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("(1 +\n");
  EXPECT_TRUE(t.shows("... ")) << t.seen();
  t.type("2)\n");
  EXPECT_TRUE(t.shows("\r\n3\r\n> ")) << t.seen();
}

TEST_F(Prompt, ControlCDropsTheLineAndNotTheProgram) {
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("1 + 40000");
  EXPECT_TRUE(t.shows("40000"));
  t.type("\x03");
  EXPECT_TRUE(t.shows("\r\n> ")) << t.seen();
  t.type("1 + 41\n");
  EXPECT_TRUE(t.shows("\r\n42\r\n> ")) << t.seen();
}

TEST_F(Prompt, ControlCStopsAComputationAndNotTheProgram) {
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("f(x) = sin(x*exp(x^2)/(1 + x^4))\n");
  EXPECT_TRUE(t.shows("\r\n> ")) << t.seen();
  t.type("diff(f(x), x, 1000)\n");
  EXPECT_TRUE(t.shows("1000)\r\n")) << t.seen();
  ::usleep(300'000);
  t.type("\x03");
  EXPECT_TRUE(t.shows("L110")) << t.seen();
  EXPECT_TRUE(t.shows("> ")) << t.seen();
  t.type("f(0) + 42\n");
  EXPECT_TRUE(t.shows("\r\n42\r\n> ")) << t.seen();
}

// Signals at random moments, at work and at rest; how long the prompt took is printed, not judged.
TEST_F(Prompt, AnInterruptAtAnyMomentKeepsTheSession) {
  const char* const more = std::getenv("NABLA_STOPS");
  const int rounds = more ? std::atoi(more) : 20;
  std::mt19937 random(3);
  std::vector<double> at_work, at_rest;
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("a = 40\n");
  ASSERT_TRUE(t.shows("\r\n> "));
  t.type("f(x) = sin(x*exp(x^2)/(1 + x^4))\n");
  ASSERT_TRUE(t.shows("\r\n> "));
  const std::string work[] = {"diff(f(x), x, 1000)", "diff(sum(k, 1, 100000, sin(k*x)^3), x, 50)",
                              "sum(k, 1, 100000, 1/k)"};
  const auto interrupt_now = [&](std::vector<double>& latencies, std::string_view shown) {
    const auto begin = std::chrono::steady_clock::now();
    t.interrupt();
    ASSERT_TRUE(t.shows(shown)) << t.seen();
    const auto end = std::chrono::steady_clock::now();
    latencies.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
  };
  for (int i = 0; i < rounds; ++i) {
    t.type(work[static_cast<std::size_t>(i) % std::size(work)] + "\n");
    ASSERT_TRUE(t.shows("\r\n")) << t.seen();
    ::usleep(static_cast<useconds_t>(random() % 400'000));
    interrupt_now(at_work, "L110");
    ASSERT_TRUE(t.shows("> ")) << t.seen();
    t.type("a + 2\n");
    ASSERT_TRUE(t.shows("= 42\r\n> ")) << t.seen();
    t.type("f(0) + a");
    ASSERT_TRUE(t.shows("f(0) + a")) << t.seen();
    ::usleep(static_cast<useconds_t>(random() % 100'000));
    interrupt_now(at_rest, "\r\n> ");
  }
  for (std::vector<double>* all : {&at_work, &at_rest}) {
    std::ranges::sort(*all);
    std::printf("%s: %zu interrupts, p50 %.1f ms, worst %.1f ms\n",
                all == &at_work ? "at work" : "at rest", all->size(), (*all)[all->size() / 2],
                all->back());
  }
}

TEST_F(Prompt, ALongResultIsShownInParts) {
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type(":limit screen_bytes=100\n");
  ASSERT_TRUE(t.shows("\r\n> ")) << t.seen();
  t.type(":expand (x+1)^20\n");
  ASSERT_TRUE(t.shows("x^20 + 20*x^19")) << t.seen();
  ASSERT_TRUE(t.shows("U531")) << t.seen();
  ASSERT_TRUE(t.shows("> ")) << t.seen();
  for (int parts = 0; t.seen().find("20*x + 1") == std::string::npos; ++parts) {
    ASSERT_LT(parts, 5) << t.seen();
    t.type(":more\n");
    ASSERT_TRUE(t.shows(":more\r\n"));
    for (int waited = 0; waited < 100 && !t.seen().ends_with("> "); ++waited) t.wait();
  }
  t.type(":more\n");
  ASSERT_TRUE(t.shows("U530")) << t.seen();
}

TEST_F(Prompt, TabCompletesNamesOfTheTablesAndTheSession) {
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("velocity(t) = t^2\n");
  EXPECT_TRUE(t.shows("\r\n> "));
  t.type("velo\t'(2)\n");
  EXPECT_TRUE(t.shows("\r\n4\r\n> ")) << t.seen();
  t.type("softp\t(x)'\n");
  EXPECT_TRUE(t.shows("sigmoid(x)\r\n> ")) << t.seen();
}

TEST_F(Prompt, HistoryIsKeptForItsOwnerAlone) {
  {
    Terminal t(state);
    ASSERT_TRUE(t.shows("> "));
    t.type("1 + 12345\n");
    EXPECT_TRUE(t.shows("12346\r\n> "));
    EXPECT_EQ(t.leave(), 0);
  }
  struct stat info {};
  ASSERT_EQ(::stat(history().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type(
      "\x12"
      "123");  // Ctrl-R
  EXPECT_TRUE(t.shows("12345")) << t.seen();
  t.type("\n");
  EXPECT_TRUE(t.shows("12346\r\n> ")) << t.seen();
}

TEST_F(Prompt, AHistoryThatCannotBeKeptIsOneWarning) {
  std::ofstream(state / "nabla") << "a file where the folder has to be";
  Terminal t(state);
  ASSERT_TRUE(t.shows("> "));
  t.type("1+1\n");
  EXPECT_TRUE(t.shows("\r\n2\r\n> ")) << t.seen();
  EXPECT_EQ(t.leave(), 0);
}

}  // namespace
}  // namespace nabla
