// What do many columns cost, columns that begin anywhere, and columns of float?
//
// One process, contestants in turn, medians of the time of this thread. `direct` is the code on the
// columns as they lie; batch() chooses between that and tiles.
//   bench_columns [columns|floats|tapes]...

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/rivals/expressions.hpp"
#include "bench/rivals/floats.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/function.hpp"
#include "lib/eval/machine.hpp"
#include "lib/eval/stages.hpp"
#include "lib/eval/tiles.hpp"
#include "parser/parse.hpp"

namespace nabla::rivals {

namespace {

double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

// ns per unit of each of the runs: rounds of all in turn, each after a first time that leaves the
// caches as its own.
std::vector<double> measure(const std::vector<std::function<void()>>& runs, double units) {
  std::vector<std::vector<double>> times(runs.size());
  const double work = std::max(4e6 / units, 1.0);
  for (int round = 0; round < 7; ++round) {
    for (std::size_t k = 0; k < runs.size(); ++k) {
      runs[k]();
      const auto repeat = static_cast<int>(std::min(work, 1e5));
      const double start = now();
      for (int i = 0; i < repeat; ++i) runs[k]();
      times[k].push_back((now() - start) / repeat / units);
    }
  }
  std::vector<double> result;
  for (auto& t : times) {
    std::ranges::nth_element(t, t.begin() + 3);
    result.push_back(t[3]);
  }
  return result;
}

// Value and gradient of Rosenbrock's function, or products of neighbours.
struct Problem {
  Graph graph;
  std::vector<Expr> inputs, outputs;

  Problem(std::size_t n, bool gradients) {
    for (std::size_t i = 0; i < n; ++i) inputs.push_back(symbol(graph, "x" + std::to_string(i)));
    if (!gradients) {
      for (std::size_t i = 0; i < n; ++i) outputs.push_back(inputs[i] * inputs[(i + 1) % n]);
      return;
    }
    Expr f = number(graph, 0);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      f = f + 100 * pow(inputs[i + 1] - pow(inputs[i], 2), 2) + pow(1 - inputs[i], 2);
    }
    outputs.push_back(f);
    const auto slopes = gradient(f, inputs);
    outputs.insert(outputs.end(), slopes->begin(), slopes->end());
  }
};

// Columns `stride` numbers apart, the first `shift` after a page begins.
struct Table {
  std::unique_ptr<double, decltype(&std::free)> memory;
  std::vector<const double*> in;
  std::vector<double*> out;

  Table(const Problem& p, std::size_t stride, std::size_t shift) : memory(nullptr, &std::free) {
    const std::size_t columns = p.inputs.size() + p.outputs.size(), size = columns * stride + 512;
    memory.reset(static_cast<double*>(std::aligned_alloc(4096, (size * 8 + 4095) / 4096 * 4096)));
    double* at = memory.get() + shift;
    for (std::size_t i = 0; i < columns * stride; ++i) {
      at[i] = 0.3 + 0.003 * static_cast<double>(i % 97);
    }
    for (std::size_t k = 0; k < p.inputs.size(); ++k, at += stride) in.push_back(at);
    for (std::size_t k = 0; k < p.outputs.size(); ++k, at += stride) out.push_back(at);
  }
};

Machine machine_of(const Problem& p, const CompileOptions& options) {
  const Stages stages = batch_stages(*record(p.inputs, p.outputs), options);
  return {stages.stages.back().code, options, NativeCode::Use::rows};
}

void columns() {
  const CompileOptions options{.contract = true};
  for (const bool gradients : {true, false}) {
    std::printf("\n%s: direct, ns a row, and batch() to it\n%8s %9s %8s",
                gradients ? "Rosenbrock's value and gradient" : "products of neighbours", "columns",
                "rows", "MB");
    std::printf(" %22s %22s %22s\n", "2^k apart, on lines", "2^k apart, 16 B after",
                "2^k+192 B, 16 B after");
    for (const std::size_t n : {8u, 16u, 32u, 100u, 500u}) {
      const Problem p(n, gradients);
      const auto f = *Function::compile(p.inputs, p.outputs, options);
      const Machine direct = machine_of(p, options);
      const std::size_t count = p.inputs.size() + p.outputs.size();
      for (const std::size_t rows : {512u, 4096u, 65536u, 1048576u}) {
        if (count * rows > 75'000'000) continue;
        std::printf("%8zu %9zu %8.1f", count, rows, static_cast<double>(count * rows) * 8e-6);
        constexpr std::pair<std::size_t, std::size_t> layouts[] = {{0, 0}, {0, 2}, {24, 2}};
        for (const auto& [apart, shift] : layouts) {
          const Table t(p, rows + apart, shift);
          const auto ns =
              measure({[&] { direct.rows(t.in.data(), nullptr, t.out.data(), 0, rows); },
                       [&] { f.batch(t.in, t.out, rows); }},
                      static_cast<double>(rows) * static_cast<double>(count) / 4);
          std::printf("      %8.2f  %6.2f", ns[0] * static_cast<double>(count) / 4, ns[1] / ns[0]);
        }
        std::printf("\n");
        std::fflush(stdout);
      }
    }
  }
}

void floats() {
  std::printf("\nColumns of float: ns a row, and to double columns of ours\n%-10s %9s", "", "rows");
  for (const char* name : {"double", "float", "double by hand", "float by hand", "float, strict"}) {
    std::printf(" %20s", name);
  }
  std::printf("\n");
  for (const bool with_exp : {false, true}) {
    for (const std::size_t rows : {2048u, 65536u, 10000000u}) {
      Graph g;
      std::vector<Expr> inputs{symbol(g, "x")};
      if (with_exp) inputs.push_back(symbol(g, "y"));
      const auto parsed = parse(g, with_exp ? NABLA_TEXT(NABLA_SXE) : NABLA_TEXT(NABLA_POLY10));
      const auto f =
          *Function::compile(inputs, parsed->value.entries, {.math = Math::fast, .contract = true});
      std::vector<float> x(rows), y(rows), to(rows);
      for (std::size_t i = 0; i < rows; ++i) {
        x[i] = 0.1F + 0.0001F * static_cast<float>(i % 8000);
        y[i] = 0.9F - x[i];
      }
      const std::vector<double> wide_x(x.begin(), x.end()), wide_y(y.begin(), y.end());
      std::vector<double> wide_to(rows);
      const float* in[] = {x.data(), y.data()};
      const double* wide_in[] = {wide_x.data(), wide_y.data()};
      float* out[] = {to.data()};
      double* wide_out[] = {wide_to.data()};
      const auto by_hand = [&](const FloatLoops& loops) {
        with_exp ? loops.sxe(in[0], in[1], out[0], rows) : loops.poly10(in[0], out[0], rows);
      };
      const auto ns = measure(
          {[&] {
             f.batch({wide_in, inputs.size()}, wide_out, rows);
           },
           [&] {
             f.batch({in, inputs.size()}, out, rows);
           },
           [&] {
             with_exp ? fast_math_loops.sxe_double(wide_in[0], wide_in[1], wide_out[0], rows)
                      : fast_math_loops.poly10_double(wide_in[0], wide_out[0], rows);
           },
           [&] { by_hand(fast_math_loops); }, [&] { by_hand(strict_loops); }},
          static_cast<double>(rows));
      std::printf("%-10s %9zu", with_exp ? "sxe" : "poly10", rows);
      for (const double t : ns) std::printf("       %6.3f %6.2f", t, t / ns[0]);
      std::printf("\n");
      std::fflush(stdout);
    }
  }
}

// Long code: ns an operation and row, as the columns lie and from tiles of 64 rows.
void tapes() {
  std::printf("\nRosenbrock's value and gradient, 256 rows: ns an operation and row\n");
  std::printf("%12s %12s %12s %12s %12s\n", "operations", "code", "code, tiles", "interpreter",
              "its tiles");
  for (const std::size_t n : {100u, 1000u, 3000u, 10000u}) {
    const Problem p(n, true);
    constexpr std::size_t rows = 256, tile = 64;
    const auto operations = static_cast<double>(record(p.inputs, p.outputs)->operations());
    const Machine code = machine_of(p, {.contract = true});
    const Machine interpreter = machine_of(p, {.contract = true, .engine = Engine::interpreter});
    const Table t(p, rows + 24, 0);
    const auto in_tiles = [&](const Machine& machine) {
      TileReader reader(std::span(t.in), true, tile, true);
      TileWriter writer(std::span(t.out), true, false, tile);
      for (std::size_t at = 0; at < rows; at += tile) {
        machine.rows(reader.read(at, tile), nullptr, writer.begin(at), at, at + tile);
        writer.end(at, tile);
      }
    };
    const auto ns = measure(
        {[&] { code.rows(t.in.data(), nullptr, t.out.data(), 0, rows); }, [&] { in_tiles(code); },
         [&] { interpreter.rows(t.in.data(), nullptr, t.out.data(), 0, rows); },
         [&] { in_tiles(interpreter); }},
        operations * rows);
    std::printf("%12.0f %12.4f %12.4f %12.4f %12.4f\n", operations, ns[0], ns[1], ns[2], ns[3]);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace nabla::rivals

int main(int argc, char** argv) {
  using namespace nabla::rivals;
  const std::pair<const char*, void (*)()> parts[] = {
      {"columns", columns}, {"floats", floats}, {"tapes", tapes}};
  for (const auto& [name, run] : parts) {
    bool asked = argc < 2;
    for (int i = 1; i < argc; ++i) asked = asked || std::strcmp(argv[i], name) == 0;
    if (asked) run();
  }
}
