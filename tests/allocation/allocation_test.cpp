// Memory that runs out, at every single allocation: the n-th one fails, alone or with all that
// follow, for n = 1, 2, ... until a run comes through. Each time there is a typed error, and the
// same graph or session then gives what it would have given. Leaks are the address sanitizer's to
// find. GMP's own allocations are not part of this (ADR 0014); its operations ask for their memory
// before they begin, and that request is.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <new>

#include "cli/reply.hpp"
#include "cli/request.hpp"
#include "cli/session.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/emit/latex.hpp"
#include "lib/emit/print.hpp"
#include "lib/emit/source.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"
#include "simplify/expand.hpp"
#include "simplify/normal_form.hpp"

namespace {

// Allocations left until the failure; below 0: none is planned.
long until_failure = -1;
bool sticky = false;
long failures = 0;

bool fails() {
  if (until_failure < 0) return false;
  if (until_failure > 0) {
    --until_failure;
    return false;
  }
  if (!sticky) until_failure = -1;
  ++failures;
  return true;
}

void* allocate(std::size_t size, std::size_t alignment = 0) {
  if (fails()) return nullptr;
  if (size == 0) size = 1;
  if (alignment == 0) return std::malloc(size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}
void* allocate_or_throw(std::size_t size, std::size_t alignment = 0) {
  void* const block = allocate(size, alignment);
  return block ? block : throw std::bad_alloc();
}

}  // namespace

// The library's arrays come from these; the linker sends its calls here.
extern "C" {
void* __real_realloc(void*, std::size_t);
void* __real_calloc(std::size_t, std::size_t);
void* __wrap_realloc(void* block, std::size_t size) {
  return fails() ? nullptr : __real_realloc(block, size);
}
void* __wrap_calloc(std::size_t count, std::size_t size) {
  return fails() ? nullptr : __real_calloc(count, size);
}
}

// Inlined, the pair below looks like a mismatch to g++.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

void* operator new(std::size_t n) { return allocate_or_throw(n); }
void* operator new[](std::size_t n) { return allocate_or_throw(n); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate(n); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return allocate(n); }
void* operator new(std::size_t n, std::align_val_t a) {
  return allocate_or_throw(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a) {
  return allocate_or_throw(n, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace nabla {
namespace {

// "" for a result, else the code; std::bad_alloc counts as L190, which is what it says.
struct Outcome {
  std::string text, code;
};

template <typename Work>
Outcome outcome(Work work) {
  try {
    return {work(), {}};
  } catch (const LimitError& error) {
    return {{}, error.diagnostic().code};
  } catch (const std::bad_alloc&) {
    return {{}, "L190"};
  }
}

template <typename T>
T value_of(Result<T> result) {
  return result ? std::move(*result) : throw LimitError(result.error());
}

// Fails at every allocation in turn. `make` builds what the script works on, `work` runs it.
long fail_everywhere(const char* name, auto make, auto work) {
  long injected = 0;
  std::string wanted;
  {
    auto subject = make();
    const Outcome whole = outcome([&] { return work(*subject); });
    EXPECT_EQ(whole.code, "") << name;
    wanted = whole.text;
  }
  for (const bool all_that_follow : {false, true}) {
    for (long n = 0;; ++n) {
      auto subject = make();
      failures = 0;
      sticky = all_that_follow;
      until_failure = n;
      Outcome hurt = outcome([&] { return work(*subject); });
      until_failure = -1;
      if (failures == 0) break;  // n was past the last allocation
      ++injected;
      // Some allocations are optional (a sort's buffer): then the result is the right one.
      if (hurt.code.empty()) {
        EXPECT_EQ(hurt.text, wanted) << name << " n=" << n;
      } else {
        EXPECT_EQ(hurt.code, "L190") << name << " n=" << n;
      }
      const Outcome again = outcome([&] { return work(*subject); });
      EXPECT_EQ(again.code, "") << name << " n=" << n;
      EXPECT_EQ(again.text, wanted) << name << " n=" << n;
      if (testing::Test::HasFailure()) return injected;
    }
  }
  std::printf("%-44s %6ld failures\n", name, injected);
  return injected;
}

std::string pipeline(Graph& g, const char* text) {
  const auto read = value_of(parse(g, text));
  const Expr f = read.value.scalar();
  const Expr x = symbol(g, "x");
  const std::vector<Expr> variables{x, symbol(g, "y")};
  std::string all;
  const Expr slope = value_of(derivative(f, x, 2));
  all += print(canonical(slope)) + print_shared(slope) + latex(slope);
  const auto both = value_of(gradient(f, variables));
  for (const Expr e : canonical(both)) all += print(e);
  for (const Expr e : value_of(hessian(f, variables)).entries) all += print(e);
  const Binding at[] = {{"x", 0.5}, {"y", 0.25}};
  for (const double value : value_of(evaluate(both, at))) all += std::to_string(value);
  SourceRequest request;
  request.function = f;
  request.inputs = variables;
  request.gradient = both;
  return all + value_of(generate(request));
}

TEST(Allocation, FailuresAreTypedErrorsAndLeaveTheGraphUsable) {
  long injected = 0;
  for (const char* text : {
           "x^2*sin(y)",
           "if(x > y, sqrt(x), max(x, y, 1)) + abs(x)",
           "sigmoid(x)*softplus(y) + digamma(x + 2)",
           "f(t) = t^3 + 1; f(x)/f(y) + f'(x)",
           "x*y/(x + y)^2 + 2x y + e^(x y)",
           "\\frac{1}{1 + e^{-x}} + \\sqrt{y}",
           "123456789012345678901234567890*x + y/98765432109876543210987",
           "sum(k, 1, 6, x^k/k!) + prod(k, 1, 4, y + k)",
           "norm([x, y]) + dot([x, y], [y, 2])",
           "x1 = x + 1; x2 = x1*x1 + y; x3 = x2*x2; x3 + x2",
       }) {
    injected += fail_everywhere(
        text, [] { return std::make_unique<Graph>(); },
        [&](Graph& g) { return pipeline(g, text); });
  }
  EXPECT_GT(injected, 10'000);
  std::printf("%ld failures injected\n", injected);
}

TEST(Allocation, FailuresOfLongNumbersAreTypedErrors) {
  fail_everywhere(
      "long numbers", [] { return std::make_unique<Graph>(); },
      [](Graph& g) {
        return print(value_of(parse(g, "(3^45000*7 - 1/2^7)^2 + 5^30000")).value.scalar());
      });
  fail_everywhere(
      "expansion", [] { return std::make_unique<Graph>(); },
      [](Graph& g) { return print(expand(pow(symbol(g, "x") + symbol(g, "y") + 1, 4))); });
}

TEST(Allocation, FailuresOfParsingAreTypedErrorsAlsoWhereTheTextIsWrong) {
  for (const char* text : {"x^2 * sinn(x)", "((1 + 2", "f(x, x) = 2", "1 +* 2"}) {
    fail_everywhere(
        text, [] { return std::make_unique<Graph>(); },
        [&](Graph& g) -> std::string {
          const auto read = parse(g, text);
          if (read) return "read";
          if (read.error().code == "L190") throw std::bad_alloc();
          return read.error().code + read.error().message + read.error().hint;
        });
  }
}

// A session and what it needs to be made.
struct Talk {
  Output out{-1}, err{-1};
  Console console{.out = out, .err = err};
  Session session{console, true};
};

TEST(Allocation, FailuresLeaveASessionUsable) {
  for (const std::vector<const char*>& lines : std::vector<std::vector<const char*>>{
           {"f(x) = x^2 sin x", "f'(x)", "f''(1)", "a = 3", "a*f(a)", ":vars"},
           {"x = [1, 2, 3]; y = [2, 4, 7]", "w = 1; b = 0", "L(w, b) = mean((w*x_i + b - y_i)^2)",
            "grad(L)", "L(2, 3)"},
           {":format latex", "x/2 + sqrt(x)", ":expand (u + v)^3", ":limit nesting=50", ":help sin",
            ":clear", "1/3"}}) {
    fail_everywhere(
        lines.front(), [] { return std::make_unique<Talk>(); },
        [&](Talk& talk) {
          std::string all;
          for (const char* line : lines) {
            const Session::Reply reply = talk.session.enter(line);
            if (reply.error) throw LimitError(*reply.error);
            all += reply.text;
          }
          talk.session.enter(":format text");
          return all;
        });
  }
}

// Reading the JSON is left out: nlohmann's destructor allocates, and ends the program if it cannot.
TEST(Allocation, FailuresOfARequestAreItsReply) {
  for (const char* line : {
           R"~({"id":1,"op":"diff","expr":"x^2*sin(x)","wrt":["x"],"at":[{"x":1.5}]})~",
           R"~({"id":[2],"op":"codegen","expr":"x*y","lang":"python"})~",
       }) {
    Request request;
    ASSERT_FALSE(read_request(line, request));
    fail_everywhere(
        line, [] { return std::make_unique<Graph>(); },
        [&](Graph& g) {
          const Answer found = value_of(answer(g, request.question));
          std::string reply;
          append_json(reply, found, request.question, request.format);
          return reply;
        });
  }
}

}  // namespace
}  // namespace nabla
