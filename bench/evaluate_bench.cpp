// How fast are compiled functions, next to what a programmer would write by hand?
//
// Nine expressions in one process, every contestant in turn, several rounds, medians of the time of
// this thread. Hand-written code is compiled by several compilers and flags (bench/rivals); each
// ratio is to the best of all of them for that expression. Products are fused on both sides.
//   bench_evaluate [batch|point|call|compile|sums]...

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/rivals/expressions.hpp"
#include "bench/rivals/hand.hpp"
#include "bench/rivals/problem.hpp"
#include "bench/rivals/script.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/core/build.hpp"
#include "lib/core/graph.hpp"
#include "lib/eval/code_cache.hpp"
#include "lib/eval/function.hpp"
#include "parser/parse.hpp"

namespace nabla::rivals {

#define NABLA_VARIANT(v) extern const Hand hand_##v;
#include "bench/rivals/variants.inc"
#undef NABLA_VARIANT

namespace {

const Hand* const hands[] = {
#define NABLA_VARIANT(v) &hand_##v,
#include "bench/rivals/variants.inc"
#undef NABLA_VARIANT
};

double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> v) {
  std::ranges::nth_element(v, v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2));
  return v[v.size() / 2];
}

struct Case {
  const char* name;
  std::size_t inputs, parameters, outputs;
  std::size_t rows;
};
constexpr Case cases[expressions] = {
    {"poly10", 1, 0, 1, 2048},   {"powers", 1, 0, 1, 2048},  {"sxe", 2, 0, 1, 2048},
    {"logistic", 5, 5, 6, 2048}, {"gmm", 1, 0, 1, 2048},     {"rosenbrock", 100, 0, 101, 256},
    {"rational", 6, 0, 1, 2048}, {"network", 3, 0, 1, 2048}, {"hessian", 3, 0, 10, 2048},
};

struct Mode {
  const char* name;
  CompileOptions options;
};
const Mode modes[] = {
    {"machine code, kernels, 8 lanes", {.math = Math::fast, .contract = true}},
    {"machine code, kernels, 4 lanes",
     {.math = Math::fast, .contract = true, .widest = Width::four}},
    {"machine code, C library", {.contract = true}},
    {"interpreter, kernels", {.math = Math::fast, .contract = true, .engine = Engine::interpreter}},
};

struct Peer {
  const char* name;
  std::unique_ptr<Foreign> (*make)(const Script&);
};
const Peer peers[] = {
#ifdef NABLA_HAS_MUPARSER
    {"muParser", make_muparser},
#endif
#ifdef NABLA_HAS_EXPRTK
    {"ExprTk", make_exprtk},
#endif
    {nullptr, nullptr}};

struct Contestant {
  std::string name;
  std::function<void(std::size_t)> run;  // some times; nothing where it cannot
  std::vector<double> times = {};
};

// ns per unit of work: rounds of all contestants in turn.
std::vector<double> measure(std::vector<Contestant>& contestants, double units) {
  for (Contestant& c : contestants) {
    if (c.run) c.run(1);
  }
  std::vector<std::size_t> repeat;
  for (Contestant& c : contestants) {
    const double start = now();
    if (c.run) c.run(3);
    const double once = std::max((now() - start) / 3, 20.0);
    repeat.push_back(static_cast<std::size_t>(std::clamp(4e5 / once, 1.0, 1e6)));
  }
  for (int round = 0; round < 9; ++round) {
    for (std::size_t k = 0; k < contestants.size(); ++k) {
      if (!contestants[k].run) continue;
      const double start = now();
      contestants[k].run(repeat[k]);
      contestants[k].times.push_back((now() - start) / static_cast<double>(repeat[k]) / units);
    }
  }
  std::vector<double> result;
  for (Contestant& c : contestants) result.push_back(c.run ? median(c.times) : 0);
  return result;
}

void print_table(const char* title, const std::vector<std::string>& names,
                 const std::vector<std::vector<double>>& time, std::size_t hand_count) {
  std::printf("\n%s: ns, and ratios to the best hand-written\n%-44s", title, "");
  for (const Case& c : cases) std::printf(" %10s", c.name);
  std::printf(" %10s\n%-44s", "geomean", "best hand-written, ns");
  std::vector<double> best(expressions, 1e300);
  for (std::size_t e = 0; e < expressions; ++e) {
    for (std::size_t k = 0; k < hand_count; ++k) {
      if (time[k][e] > 0) best[e] = std::min(best[e], time[k][e]);
    }
    std::printf(" %10.3g", best[e]);
  }
  std::printf("\n");
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::printf("%-44s", names[k].c_str());
    double sum = 0;
    int count = 0;
    for (std::size_t e = 0; e < expressions; ++e) {
      if (time[k][e] <= 0) {
        std::printf(" %10s", "-");
        continue;
      }
      std::printf(" %10.3f", time[k][e] / best[e]);
      sum += std::log(time[k][e] / best[e]);
      ++count;
    }
    std::printf(" %10.3f\n", std::exp(sum / std::max(count, 1)));
  }
  std::fflush(stdout);
}

struct Rows {
  std::vector<std::vector<double>> in, out;
  std::vector<const double*> in_pointers;
  std::vector<double*> out_pointers;
  std::vector<double> parameters;

  Rows(const Case& c, std::size_t rows) {
    std::uint64_t state = 7;
    const auto next = [&] {
      state = state * 6364136223846793005u + 1442695040888963407u;
      return 0.1 + 0.8 * static_cast<double>(state >> 11) * 0x1p-53;
    };
    // Columns do not begin at the same place of a page.
    for (std::size_t k = 0; k < c.inputs; ++k) {
      in.emplace_back(rows + 24);
      for (double& x : in.back()) x = next();
      in_pointers.push_back(in.back().data());
    }
    for (std::size_t k = 0; k < c.outputs; ++k) {
      out.emplace_back(rows + 24);
      out_pointers.push_back(out.back().data());
    }
    for (std::size_t k = 0; k < c.parameters; ++k) parameters.push_back(next());
  }
};

void batches() {
  std::vector<std::string> names;
  std::vector<std::vector<double>> time;
  for (const Hand* h : hands) names.push_back(h->name);
  for (const Mode& m : modes) names.push_back(m.name);
  for (const Peer* p = peers; p->make; ++p) names.push_back(p->name);
  time.assign(names.size(), std::vector<double>(expressions, 0));
  for (std::size_t e = 0; e < expressions; ++e) {
    const Case& c = cases[e];
    Rows rows(c, c.rows);
    const Problem problem(static_cast<Expression>(e));
    std::vector<Contestant> contestants;
    for (const Hand* h : hands) {
      contestants.push_back({h->name, [&rows, &c, f = h->batch[e]](std::size_t times) {
                               for (std::size_t t = 0; t < times; ++t) {
                                 f(rows.in_pointers.data(), rows.parameters.data(),
                                   rows.out_pointers.data(), c.rows);
                               }
                             }});
    }
    for (const Mode& m : modes) {
      CompileOptions options = m.options;
      options.parameters = c.parameters;
      const auto f = *Function::compile(problem.inputs, problem.outputs, options);
      contestants.push_back({m.name, [&rows, &c, f](std::size_t times) {
                               for (std::size_t t = 0; t < times; ++t) {
                                 f.batch(rows.in_pointers, rows.parameters, rows.out_pointers,
                                         c.rows);
                               }
                             }});
    }
    const Script script = script_of(*record(problem.inputs, problem.outputs));
    for (const Peer* p = peers; p->make; ++p) {
      contestants.push_back({p->name, {}});
      const std::shared_ptr<Foreign> f = p->make(script);
      if (!f) continue;
      contestants.back().run = [&rows, &c, f](std::size_t times) {
        std::vector<double> in(c.inputs), out(c.outputs);
        in.insert(in.end(), rows.parameters.begin(), rows.parameters.end());
        for (std::size_t t = 0; t < times * c.rows; ++t) {
          const std::size_t row = t % c.rows;
          for (std::size_t k = 0; k < c.inputs; ++k) in[k] = rows.in_pointers[k][row];
          f->run(in.data(), out.data());
          for (std::size_t k = 0; k < c.outputs; ++k) rows.out_pointers[k][row] = out[k];
        }
      };
    }
    const auto ns = measure(contestants, static_cast<double>(c.rows));
    for (std::size_t k = 0; k < names.size(); ++k) time[k][e] = ns[k];
  }
  print_table("Batch, rows in the cache, per row", names, time, std::size(hands));
}

void points() {
  std::vector<std::string> names;
  std::vector<std::vector<double>> time;
  std::vector<const Hand*> with_points;
  for (const Hand* h : hands) {
    if (h->point[0]) with_points.push_back(h);
  }
  for (const Hand* h : with_points) names.push_back(h->name);
  const Mode point_modes[] = {
      modes[0],
      modes[2],
      modes[3],
      {"interpreter, C library", {.contract = true, .engine = Engine::interpreter}}};
  for (const Mode& m : point_modes) names.push_back(m.name);
  for (const Peer* p = peers; p->make; ++p) names.push_back(p->name);
  time.assign(names.size(), std::vector<double>(expressions, 0));
  for (std::size_t e = 0; e < expressions; ++e) {
    const Case& c = cases[e];
    const Problem problem(static_cast<Expression>(e));
    std::vector<double> in(c.inputs + c.parameters, 0.4), out(c.outputs);
    std::vector<Contestant> contestants;
    // The next point waits for the last result.
    for (const Hand* h : with_points) {
      contestants.push_back({h->name, [&, f = h->point[e]](std::size_t times) {
                               for (std::size_t t = 0; t < times; ++t) {
                                 f(in.data(), out.data());
                                 in[0] = 0.4 + out[0] * 1e-30;
                               }
                             }});
    }
    for (const Mode& m : point_modes) {
      const auto f = *Function::compile(problem.inputs, problem.outputs, m.options);
      contestants.push_back({m.name, [&, f](std::size_t times) {
                               for (std::size_t t = 0; t < times; ++t) {
                                 f(in, out);
                                 in[0] = 0.4 + out[0] * 1e-30;
                               }
                             }});
    }
    const Script script = script_of(*record(problem.inputs, problem.outputs));
    for (const Peer* p = peers; p->make; ++p) {
      contestants.push_back({p->name, {}});
      const std::shared_ptr<Foreign> f = p->make(script);
      if (!f) continue;
      contestants.back().run = [&, f](std::size_t times) {
        for (std::size_t t = 0; t < times; ++t) {
          f->run(in.data(), out.data());
          in[0] = 0.4 + out[0] * 1e-30;
        }
      };
    }
    const auto ns = measure(contestants, 1);
    for (std::size_t k = 0; k < names.size(); ++k) time[k][e] = ns[k];
  }
  print_table("One point, each waiting for the one before", names, time, with_points.size());
}

// What a call costs: x + 1, through memory.
void calls() {
  Graph g;
  const Expr x = symbol(g, "x");
  const auto f = *Function::compile(std::vector{x}, std::vector{x + 1});
  const auto interpreted =
      *Function::compile(std::vector{x}, std::vector{x + 1}, {.engine = Engine::interpreter});
  const PointCall direct = f.point_call();
  const std::function<double(double)> wrapped = [](double v) { return v + 1; };
  double in[1] = {0}, out[1] = {0};
  std::printf("\nA call of x + 1%19sat once               each waiting for the one before\n", "");
  std::vector<double> ns[2];
  std::vector<const char*> names;
  for (const bool waits : {false, true}) {
    std::vector<Contestant> contestants;
    names.clear();
    const auto add = [&](const char* name, auto call) {
      names.push_back(name);
      contestants.push_back({name, [&in, &out, waits, call](std::size_t times) {
                               for (std::size_t t = 0; t < times; ++t) {
                                 call();
                                 asm volatile("" ::: "memory");
                                 if (waits) in[0] = out[0] * 0.5;
                               }
                             }});
    };
    add("inlined", [&] { out[0] = in[0] + 1; });
    add("std::function", [&] { out[0] = wrapped(in[0]); });
    add("PointCall", [&] { direct(in, out); });
    add("Function, spans", [&] { f(in, out); });
    add("Function, spans, interpreter", [&] { interpreted(in, out); });
    ns[waits] = measure(contestants, 1);
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::printf("%-32s %8.2f ns, %+6.2f    %8.2f ns, %+6.2f\n", names[k], ns[0][k],
                ns[0][k] - ns[0][0], ns[1][k], ns[1][k] - ns[1][0]);
  }
}

void sums() {
  constexpr std::size_t rows = 1000000;
  const Case& c = cases[logistic];
  Rows data(c, rows);
  Graph g;
  std::vector<Expr> inputs;
  for (const char* name : {"w1", "w2", "w3", "w4", "w5"}) inputs.push_back(symbol(g, name));
  const char* const names[] = {"a", "b", "c", "d", "y"};
  std::vector<Expr> column_of;
  for (const char* name : names) column_of.push_back(column(g, name));
  const Expr z = inputs[4] + column_of[0] * inputs[0] + column_of[1] * inputs[1] +
                 column_of[2] * inputs[2] + column_of[3] * inputs[3];
  const Expr loss = data_sum(call("log", 1 + call("exp", -column_of[4] * z)));
  std::vector<Expr> outputs{loss};
  const auto slopes = gradient(loss, inputs);
  outputs.insert(outputs.end(), slopes->begin(), slopes->end());
  Data table{.names = {std::begin(names), std::end(names)}, .columns = {}, .rows = rows};
  for (const auto& column : data.in) table.columns.push_back({column.data(), rows});

  std::vector<Contestant> contestants;
  double out[6];
  for (const Hand* h : hands) {
    contestants.push_back({h->name, [&, f = h->sums](std::size_t times) {
                             for (std::size_t t = 0; t < times; ++t) {
                               f(data.in_pointers.data(), data.parameters.data(), out, rows);
                             }
                           }});
  }
  for (const Mode& m : modes) {
    CompileOptions options = m.options;
    options.sums = SumOrder::lanes;
    const auto f = *Function::compile(inputs, outputs, options);
    contestants.push_back({m.name, [&, f](std::size_t times) {
                             for (std::size_t t = 0; t < times; ++t) f(data.parameters, out, table);
                           }});
  }
  const auto ns = measure(contestants, static_cast<double>(rows));
  const double best = *std::min_element(ns.begin(), ns.begin() + std::size(hands));
  std::printf("\nLogistic loss and gradient summed over 10^6 rows, per row\n");
  for (std::size_t k = 0; k < contestants.size(); ++k) {
    std::printf("%-44s %8.3f ns %8.3f\n", contestants[k].name.c_str(), ns[k], ns[k] / best);
  }
}

void compiling() {
  std::printf("\nFrom graph to callable, kernels of our own, per operation of the tape\n");
  std::printf("%-12s %10s %12s %12s %12s\n", "", "operations", "tape, ns/op", "point, ns/op",
              "batch, ns/op");
  const auto show = [](const char* name, std::span<const Expr> in, std::span<const Expr> out,
                       Math math) {
    std::vector<double> t0, t1, t2;
    std::size_t operations = 0;
    for (int round = 0; round < 15; ++round) {
      const double a = now();
      const auto f = Function::compile(in, out, {.math = math});
      const double b = now();
      f->prepare_point();
      const double c = now();
      f->prepare_batch();
      const double d = now();
      operations = f->operations();
      t0.push_back(b - a);
      t1.push_back(c - a);
      t2.push_back(d - c + b - a);
      if (d - a > 1e8 && round > 2) break;
    }
    const double n = static_cast<double>(operations);
    std::printf("%-12s %10zu %12.1f %12.1f %12.1f   point %.1f us\n", name, operations,
                median(t0) / n, median(t1) / n, median(t2) / n, median(t1) / 1000);
  };
  for (std::size_t e = 0; e < expressions; ++e) {
    const Problem problem(static_cast<Expression>(e));
    show(cases[e].name, problem.inputs, problem.outputs, Math::library);
  }
  for (const std::size_t n : {1000u, 10000u, 100000u}) {
    Graph g;
    std::vector<Expr> inputs, outputs;
    for (std::size_t i = 0; i < n; ++i) inputs.push_back(symbol(g, "x" + std::to_string(i)));
    Expr f = number(g, 0);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      f = f + 100 * pow(inputs[i + 1] - pow(inputs[i], 2), 2) + pow(1 - inputs[i], 2);
    }
    outputs.push_back(f);
    const auto slopes = gradient(f, inputs);
    outputs.insert(outputs.end(), slopes->begin(), slopes->end());
    show(("n=" + std::to_string(n)).c_str(), inputs, outputs, Math::library);
  }
  // Rosenbrock's function of 100 variables with another coefficient each time.
  for (const bool shared : {false, true}) {
    const auto cache = shared ? std::make_shared<CodeCache>() : nullptr;
    Graph g;
    std::vector<Expr> inputs;
    for (int i = 0; i < 100; ++i) inputs.push_back(symbol(g, "x" + std::to_string(i)));
    std::vector<double> times;
    double operations = 1;
    for (int k = 0; k < 31; ++k) {
      Expr f = number(g, 0);
      for (std::size_t i = 0; i + 1 < inputs.size(); ++i) {
        f = f + literal(g, 100.5 + k) * pow(inputs[i + 1] - pow(inputs[i], 2), 2) +
            pow(literal(g, 1.25 + k) - inputs[i], 2);
      }
      std::vector<Expr> outputs{f};
      const auto slopes = gradient(f, inputs);
      outputs.insert(outputs.end(), slopes->begin(), slopes->end());
      const double start = now();
      const auto compiled = Function::compile(inputs, outputs, {.code = cache});
      compiled->prepare_point();
      times.push_back(now() - start);
      operations = static_cast<double>(compiled->operations());
    }
    std::printf("constants swept, %s: %.1f ns/op\n", shared ? "code shared" : "each on its own",
                median(times) / operations);
  }
  std::vector<double> t;
  for (int round = 0; round < 101; ++round) {
    const double start = now();
    Graph g;
    const auto parsed = parse(g, NABLA_TEXT(NABLA_SXE));
    const std::vector<Expr> in{symbol(g, "x"), symbol(g, "y")};
    const auto f = Function::compile(in, parsed->value.entries, {});
    f->prepare_point();
    t.push_back(now() - start);
  }
  std::printf("text to callable, sin(x)*exp(-x*x/2) + y*y*y: %.1f us\n", median(t) / 1000);
}

}  // namespace
}  // namespace nabla::rivals

int main(int argc, char** argv) {
  using namespace nabla::rivals;
  const std::pair<const char*, void (*)()> parts[] = {{"batch", batches},
                                                      {"point", points},
                                                      {"call", calls},
                                                      {"sums", sums},
                                                      {"compile", compiling}};
  for (const auto& [name, run] : parts) {
    bool asked = argc < 2;
    for (int i = 1; i < argc; ++i) asked = asked || std::strcmp(argv[i], name) == 0;
    if (asked) run();
  }
}
