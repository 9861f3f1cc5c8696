// How fast are compiled functions, next to what a programmer would write by hand?
//
// Nine expressions in one process, every contestant in turn, several rounds, medians of the time of
// this thread. Hand-written code is compiled by several compilers and flags (bench/rivals); each
// ratio is to the best of all of them for that expression. Products are fused on both
// sides, what divides more than once is inverted once, as is done by hand, and polynomials are
// nested, as compilers may rearrange them under -ffast-math; "as written" is without both. Results
// are compared first.
//   bench_evaluate [batch|point|call|compile|sums]...

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "bench/rivals/contest.hpp"
#include "bench/rivals/problem.hpp"
#include "lib/eval/function.hpp"

namespace nabla::rivals {
namespace {

void batches() {
  std::vector<std::string> names;
  std::vector<std::vector<double>> time;
  for (const Hand* h : hands()) names.push_back(h->name);
  for (const Mode& m : modes()) names.push_back(m.name);
  for (const Peer& p : peers()) names.push_back(p.name);
  time.assign(names.size(), std::vector<double>(expressions, 0));
  for (std::size_t e = 0; e < expressions; ++e) {
    const Case& c = cases[e];
    Rows rows(c, c.rows);
    const Problem problem(static_cast<Expression>(e));
    std::vector<Contestant> contestants;
    for (const Hand* h : hands()) {
      contestants.push_back({h->name, [&rows, &c, f = h->batch[e]](std::size_t times) {
                               for (std::size_t t = 0; t < times; ++t) {
                                 f(rows.in_pointers.data(), rows.parameters.data(),
                                   rows.out_pointers.data(), c.rows);
                               }
                             }});
    }
    for (const Mode& m : modes()) {
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
    const Tape tape = *record(problem.inputs, problem.outputs);
    for (const Peer& p : peers()) {
      contestants.push_back({p.name, {}});
      const std::shared_ptr<Foreign> f = p.make(script_of(tape, p.choice));
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
    leave_out_wrong(contestants, rows.out);
    const auto ns = measure(contestants, static_cast<double>(c.rows));
    for (std::size_t k = 0; k < names.size(); ++k) time[k][e] = ns[k];
  }
  print_table("Batch, rows in the cache, per row", names, time, hands().size());
}

void points() {
  std::vector<std::string> names;
  std::vector<std::vector<double>> time;
  std::vector<const Hand*> with_points;
  for (const Hand* h : hands()) {
    if (h->point[0]) with_points.push_back(h);
  }
  for (const Hand* h : with_points) names.push_back(h->name);
  const Mode point_modes[] = {modes()[0],
                              modes()[2],
                              modes()[3],
                              {"interpreter, C library",
                               {.contract = true,
                                .reciprocals = true,
                                .polynomials = true,
                                .engine = Engine::interpreter}}};
  for (const Mode& m : point_modes) names.push_back(m.name);
  for (const Peer& p : peers()) names.push_back(p.name);
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
    const Tape tape = *record(problem.inputs, problem.outputs);
    for (const Peer& p : peers()) {
      contestants.push_back({p.name, {}});
      const std::shared_ptr<Foreign> f = p.make(script_of(tape, p.choice));
      if (!f) continue;
      contestants.back().run = [&, f](std::size_t times) {
        for (std::size_t t = 0; t < times; ++t) {
          f->run(in.data(), out.data());
          in[0] = 0.4 + out[0] * 1e-30;
        }
      };
    }
    leave_out_wrong(contestants, {&out, 1});
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
  for (const Hand* h : hands()) {
    contestants.push_back({h->name, [&, f = h->sums](std::size_t times) {
                             for (std::size_t t = 0; t < times; ++t) {
                               f(data.in_pointers.data(), data.parameters.data(), out, rows);
                             }
                           }});
  }
  for (const Mode& m : modes()) {
    CompileOptions options = m.options;
    options.sums = SumOrder::lanes;
    const auto f = *Function::compile(inputs, outputs, options);
    contestants.push_back({m.name, [&, f](std::size_t times) {
                             for (std::size_t t = 0; t < times; ++t) f(data.parameters, out, table);
                           }});
  }
  const auto ns = measure(contestants, static_cast<double>(rows));
  const double best = *std::min_element(ns.begin(), ns.begin() + hands().size());
  std::printf("\nLogistic loss and gradient summed over 10^6 rows, per row\n");
  for (std::size_t k = 0; k < contestants.size(); ++k) {
    std::printf("%-44s %8.3f ns %8.3f\n", contestants[k].name.c_str(), ns[k], ns[k] / best);
  }
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
