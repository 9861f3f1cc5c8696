// Machine code: refused memory, threads, forks, and that memory comes back.

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#if defined(__linux__) && defined(__x86_64__)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/child.hpp"
#include "tests/support/sanitized.hpp"

namespace nabla {
namespace {

class NativeTest : public testing::Test {
 protected:
  Function compile(Engine engine = Engine::native, Math math = Math::fast) {
    const Expr f = call("exp"_fn, -pow(x, 2)) * call("sin"_fn, y) + call("log"_fn, 2 + x * y);
    auto compiled = Function::compile(std::vector{x, y}, std::vector{f, f * x},
                                      {.math = math, .engine = engine});
    EXPECT_TRUE(compiled);
    return *compiled;
  }
  std::vector<double> values(const Function& f, std::size_t n = 37) {
    std::vector<double> u(n), v(n), out(2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = std::sin(static_cast<double>(i));
      v[i] = std::cos(static_cast<double>(i * i)) * 1e7;
    }
    const double* in[] = {u.data(), v.data()};
    double* to[] = {out.data(), out.data() + n};
    f.batch(in, to, n);
    for (std::size_t i = 0; i < n; ++i) {
      const double point[] = {u[i], v[i]};
      double result[2];
      f(point, result);
      if (result[0] != out[i] && result[0] == result[0]) return {};
      out.push_back(result[1]);
    }
    return out;
  }
  static bool same(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size() || a.empty()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))) return false;
    }
    return true;
  }

  Graph g;
  Expr x = symbol(g, "x"), y = symbol(g, "y");
};

// Entries of ctest that refuse executable memory say so.
TEST_F(NativeTest, RunsOnTheEngineThatThisRunIsFor) {
  const char* const expected = std::getenv("NABLA_EXPECT_ENGINE");
  if (expected == nullptr) GTEST_SKIP() << "any engine will do";
  const Function f = compile();
  EXPECT_STREQ(f.engine() == Engine::interpreter ? "interpreter" : "native", expected);
  EXPECT_TRUE(same(values(f), values(compile(Engine::interpreter))));
}

TEST_F(NativeTest, ManyThreadsMayMakeTheFirstCall) {
  const auto expected = values(compile(Engine::interpreter));
  for (int round = 0; round < 20; ++round) {
    const Function f = compile();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int k = 0; k < 4; ++k) {
      threads.emplace_back([&] { wrong += !same(values(f), expected); });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(wrong, 0);
  }
}

#if defined(__linux__) && defined(__x86_64__)

// From now on no page of this process becomes executable.
bool refuse_executable_memory() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST_F(NativeTest, RefusedMemoryMeansTheInterpreterAndTheSameBits) {
  const auto expected = values(compile());
  const int result = test::in_a_child([&] {
    if (!refuse_executable_memory()) return 77;
    const Function f = compile();
    const auto found = values(f);
    return f.engine() == Engine::interpreter && same(found, expected) ? 0 : 1;
  });
  if (result == 77) GTEST_SKIP() << "no filters for system calls here";
  EXPECT_EQ(result, 0);
}

TEST_F(NativeTest, WorksWhereMemoryMayNotBecomeExecutableLater) {
  constexpr int set_mdwe = 65;  // PR_SET_MDWE
  const auto expected = values(compile());
  const int result = test::in_a_child([&] {
    if (prctl(set_mdwe, 1, 0, 0, 0) != 0) return 77;
    return same(values(compile()), expected) ? 0 : 1;
  });
  if (result == 77) GTEST_SKIP() << "this kernel does not know PR_SET_MDWE";
  EXPECT_EQ(result, 0);
}

TEST_F(NativeTest, AChildNeverWritesIntoTheCodeOfItsParent) {
  const Function before = compile();
  const auto expected = values(before);
  const int result = test::in_a_child([&] {
    for (int k = 0; k < 50; ++k) {
      const Function f = compile();
      if (!same(values(f), expected) || !same(values(before), expected)) return 1;
    }
    return 0;
  });
  EXPECT_EQ(result, 0);
  EXPECT_TRUE(same(values(before), expected));
  EXPECT_TRUE(same(values(compile()), expected));
}

struct Pages {
  std::size_t mapped = 0, resident = 0;
};
Pages pages_in_use() {
  Pages pages;
  std::ifstream("/proc/self/statm") >> pages.mapped >> pages.resident;
  return pages;
}

TEST_F(NativeTest, GivesMemoryBack) {
  if (test::sanitized) GTEST_SKIP() << "the sanitizer keeps what is freed";
  const auto cycle = [&](int times) {
    for (int k = 0; k < times; ++k) {
      const Function f = compile();
      f.prepare_point();
      f.prepare_batch();
    }
  };
  cycle(1000);
  const Pages before = pages_in_use();
  cycle(4000);
  const Pages after = pages_in_use();
  EXPECT_LE(after.resident, before.resident + 256) << "one megabyte more after 4000 functions";
  EXPECT_LE(after.mapped, before.mapped + 256) << "one megabyte more after 4000 functions";
}

#endif

}  // namespace
}  // namespace nabla
