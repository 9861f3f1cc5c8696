// Threads that help: every task once, errors come back, callers do not wait for one another, and
// nothing depends on how many threads the system grants.

#include "lib/eval/workers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#if defined(__linux__) && defined(__x86_64__)
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/stop.hpp"
#include "lib/eval/function.hpp"
#include "tests/support/child.hpp"

namespace nabla {
namespace {

bool each_once(Workers& workers, std::size_t count) {
  std::vector<std::atomic<int>> done(count);
  workers.run(count, [&](std::size_t k) { ++done[k]; });
  for (const auto& d : done) {
    if (d != 1) return false;
  }
  return true;
}

TEST(Workers, DoEveryTaskOnce) {
  for (const unsigned threads : {0u, 1u, 2u, 8u}) {
    Workers workers(threads);
    for (int round = 0; round < 300; ++round) {
      ASSERT_TRUE(each_once(workers, static_cast<std::size_t>(round) % 50)) << threads;
    }
  }
}

TEST(Workers, HandTheFirstErrorToTheCallerAndGoOn) {
  Workers workers(4);
  for (int round = 0; round < 50; ++round) {
    EXPECT_THROW(workers.run(100,
                             [](std::size_t k) {
                               if (k % 7 == 3) throw std::runtime_error("seven");
                             }),
                 std::runtime_error);
    EXPECT_TRUE(each_once(workers, 20));
  }
}

TEST(Workers, ServeCallersThatComeFromTasksAndFromOtherThreads) {
  Workers workers(3);
  std::atomic<int> wrong = 0;
  workers.run(10, [&](std::size_t) { wrong += !each_once(workers, 5); });
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) wrong += !each_once(workers, 9);
    });
  }
  for (auto& t : callers) t.join();
  EXPECT_EQ(wrong, 0);
}

class Threaded : public testing::Test {
 protected:
  static constexpr std::size_t rows = 200003;
  Function compile(unsigned threads, std::shared_ptr<Workers> workers = {}) {
    const auto f = Function::compile(std::vector{x}, std::vector{sum_of_calls(), x * x + 1},
                                     {.math = Math::fast, .threads = threads, .workers = workers});
    EXPECT_TRUE(f);
    return *f;
  }
  std::vector<double> values(const Function& f, const Stop* stop = nullptr) {
    std::vector<double> in(rows), out(2 * rows);
    for (std::size_t i = 0; i < rows; ++i) in[i] = std::sin(static_cast<double>(i));
    const double* from[] = {in.data()};
    double* to[] = {out.data(), out.data() + rows};
    f.batch(from, to, rows, stop);
    return out;
  }
  // Enough to do for a row that threads are woken.
  Expr sum_of_calls() {
    Expr sum = call("exp"_fn, x);
    for (int k = 1; k < 6; ++k) sum = sum + call("tanh"_fn, number(g, k) * x);
    return sum;
  }
  Graph g;
  Expr x = symbol(g, "x");
};

TEST_F(Threaded, BatchesAreTheSameBits) {
  const auto expected = values(compile(1));
  EXPECT_EQ(values(compile(2)), expected);
  EXPECT_EQ(values(compile(8)), expected);
  const auto shared = std::make_shared<Workers>(3);
  EXPECT_EQ(values(compile(1, shared)), expected);
  EXPECT_EQ(values(compile(1, shared)), expected);
}

TEST_F(Threaded, BatchesMayOverwriteTheirInputs) {
  const auto expected = values(compile(1));
  std::vector<double> column(rows), other(rows);
  for (std::size_t i = 0; i < rows; ++i) column[i] = std::sin(static_cast<double>(i));
  const double* from[] = {column.data()};
  double* to[] = {column.data(), other.data()};
  compile(4).batch(from, to, rows);
  other.insert(other.begin(), column.begin(), column.end());
  EXPECT_EQ(other, expected);
}

TEST_F(Threaded, AStopEndsThemAll) {
  Stop stop;
  stop.store(true);
  const Function f = compile(4);
  EXPECT_THROW(values(f, &stop), LimitError);
  EXPECT_EQ(values(f), values(compile(1)));
}

#if defined(__linux__) && defined(__x86_64__)

bool refuse_threads() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 11),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST_F(Threaded, RefusedThreadsMeanTheCallerAlone) {
  const auto expected = values(compile(1));
  const int result = test::in_a_child([&] {
    if (!refuse_threads()) return 77;
    return values(compile(8)) == expected ? 0 : 1;
  });
  if (result == 77) GTEST_SKIP() << "no filters for system calls here";
  EXPECT_EQ(result, 0);
}

TEST_F(Threaded, AChildWorksAloneAndLeavesTheThreadsToItsParent) {
  const auto expected = values(compile(1));
  auto f = std::make_unique<Function>(compile(4));
  EXPECT_EQ(values(*f), expected);
  EXPECT_EQ(test::in_a_child([&] {
              if (values(*f) != expected) return 1;
              f.reset();
              return 0;
            }),
            0);
  EXPECT_EQ(values(*f), expected);
}

#endif

}  // namespace
}  // namespace nabla
