// What does one value+gradient pass over the rows cost, beside a loop written by hand, beside
// Ceres' Jets and beside NumPy? And what is gained where the data collapse into a few sums? Medians
// of interleaved runs in one process (NumPy: in its own, right after), in processor time. Passes
// run on one thread, as the loops do; the last column is how much less time on the clock all
// threads of the machine need.
//
//   bench_learning [ROWS ...]      default 1000000 20000000

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "bench/peers/jets.hpp"
#include "bench/workloads/hand_losses.hpp"
#include "lib/core/graph.hpp"
#include "lib/optimize/csv.hpp"
#include "lib/optimize/descent.hpp"
#include "lib/optimize/one_scan.hpp"
#include "lib/optimize/random.hpp"
#include "parser/parse.hpp"

namespace nabla {
namespace {

// Processor time of the whole process, so that neighbours on the machine do not count.
double seconds(const std::function<void()>& work, clockid_t clock = CLOCK_PROCESS_CPUTIME_ID) {
  const auto now = [clock] {
    timespec t{};
    ::clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  const double start = now();
  work();
  return now() - start;
}

double median(std::vector<double> v) {
  std::ranges::nth_element(v, v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2));
  return v[v.size() / 2];
}

struct Case {
  std::string name, loss;
  std::vector<std::string> parameters;
  std::vector<double> at;
  std::function<double(const Data&, const double*, double*)> by_hand, by_jets;
};

std::vector<Case> cases() {
  using namespace workloads;
  const auto column = [](const Data& d, std::size_t k) { return d.columns[k].data(); };
  return {
      {"linear",
       "mean((w*x + b - y)^2)",
       {"w", "b"},
       {0.5, 1},
       [=](const Data& d, const double* at, double* g) {
         return linear_by_hand(column(d, 0), column(d, 2), d.rows, at, g);
       },
       [=](const Data& d, const double* at, double* g) {
         return peers::linear_by_jets(column(d, 0), column(d, 2), d.rows, at, g);
       }},
      {"logistic",
       "mean(softplus(w1*x + w2*u + b) - c*(w1*x + w2*u + b))",
       {"w1", "w2", "b"},
       {0.5, -1, 0.2},
       [=](const Data& d, const double* at, double* g) {
         return logistic_by_hand(column(d, 0), column(d, 1), column(d, 3), d.rows, at, g);
       },
       [=](const Data& d, const double* at, double* g) {
         return peers::logistic_by_jets(column(d, 0), column(d, 1), column(d, 3), d.rows, at, g);
       }},
      {"nonlinear, 5 parameters",
       "mean((b1*exp(-b2*x) + b3*exp(-((x - b4)/b5)^2) - y)^2)",
       {"b1", "b2", "b3", "b4", "b5"},
       {2, 0.7, 1.5, 0.8, 0.6},
       [=](const Data& d, const double* at, double* g) {
         return peak_by_hand(column(d, 0), column(d, 2), d.rows, at, g);
       },
       [=](const Data& d, const double* at, double* g) {
         return peers::peak_by_jets(column(d, 0), column(d, 2), d.rows, at, g);
       }},
  };
}

// What bench/peers/learning_numpy.py measured for each case: ns a row and the value.
std::vector<std::pair<double, double>> by_numpy(const Data& data, int rounds) {
  std::vector<std::pair<double, double>> found;
  const auto file = std::filesystem::temp_directory_path() / "nabla_learning_bench.bin";
  {
    std::ofstream out(file, std::ios::binary);
    for (const auto& column : data.columns)
      out.write(reinterpret_cast<const char*>(column.data()),
                static_cast<std::streamsize>(column.size_bytes()));
  }
  for (const char* python : {"python3", "/usr/bin/python3"}) {
    const std::string command =
        fmt::format("{} '{}/bench/peers/learning_numpy.py' '{}' {} {}", python, NABLA_SOURCE_DIR,
                    file.string(), data.rows, rounds);
    if (FILE* const pipe = ::popen(command.c_str(), "r")) {
      double time = 0, value = 0;
      while (std::fscanf(pipe, "%lf %lf", &time, &value) == 2) found.emplace_back(time, value);
      ::pclose(pipe);
    }
    if (found.size() == 3) break;
    found.clear();
  }
  std::filesystem::remove(file);
  return found;
}

void passes(const Data& data, int rounds) {
  const auto numpy = by_numpy(data, rounds);
  std::size_t which = 0;
  for (const Case& c : cases()) {
    Graph graph;
    ReadOptions options;
    options.columns = data.names;
    const auto read = parse(graph, c.loss, options);
    std::vector<Expr> parameters;
    for (const std::string& name : c.parameters) parameters.push_back(symbol(graph, name));
    const auto compile = [&](unsigned threads) {
      return Objective::compile(read->value.scalar(), parameters, data, Objective::Depth::gradient,
                                threads);
    };
    const auto f = compile(1), all = compile(0);
    if (!f || !all) {
      fmt::print("{}: {}\n", c.name, f.error().message);
      continue;
    }
    std::vector<double> ours(c.at.size()), theirs(c.at.size()), jets(c.at.size());
    std::vector<double> our_times, hand_times, jet_times, one, many;
    double our_value = 0, hand_value = 0, jet_value = 0;
    for (int i = 0; i < rounds; ++i) {
      hand_times.push_back(
          seconds([&] { hand_value = c.by_hand(data, c.at.data(), theirs.data()); }));
      if (peers::has_jets() && i < 5) {
        jet_times.push_back(
            seconds([&] { jet_value = c.by_jets(data, c.at.data(), jets.data()); }));
      }
      our_times.push_back(seconds([&] { our_value = f->gradient(c.at, ours); }));
      one.push_back(seconds([&] { (void)f->gradient(c.at, ours); }, CLOCK_MONOTONIC));
      many.push_back(seconds([&] { (void)all->gradient(c.at, ours); }, CLOCK_MONOTONIC));
    }
    double error = std::abs(our_value / hand_value - 1);
    for (std::size_t i = 0; i < ours.size(); ++i)
      error = std::max(error, std::abs(ours[i] - theirs[i]) / (std::abs(theirs[i]) + 1e-6));
    // Peers that compute something else are no peers.
    const auto same = [&](double value) { return std::abs(value / our_value - 1) < 1e-9; };
    const double rows = static_cast<double>(data.rows), time = median(our_times);
    const auto beside = [&](bool there, double value, double seconds) {
      return !there ? "-" : same(value) ? fmt::format("{:.3f}", time / seconds) : "wrong";
    };
    fmt::print(
        "{:<26} {:>10} {:>12.3f} {:>12.3f} {:>8.2f} {:>8} {:>8} {:>10.1e} {:>8.2f}\n", c.name,
        data.rows, 1e9 * time / rows, 1e9 * median(hand_times) / rows, time / median(hand_times),
        beside(peers::has_jets(), jet_value, jet_times.empty() ? 1 : median(jet_times)),
        which < numpy.size() ? beside(true, numpy[which].second, 1e-9 * rows * numpy[which].first)
                             : "-",
        error, median(one) / median(many));
    ++which;
  }
}

// 2949 steps at rate 0.01 on the line, as the textbook's four decimals need.
void one_scan_gain(const Data& data) {
  constexpr std::size_t steps = 2949;
  Graph graph;
  ReadOptions options;
  options.columns = data.names;
  const auto read = parse(graph, "mean((w*x + b - y)^2)", options);
  const Expr parameters[] = {symbol(graph, "w"), symbol(graph, "b")};
  const Expr loss = read->value.scalar();
  DescentOptions descent;
  descent.method = Method::gd;
  descent.rate = 0.01;
  descent.iterations = steps;
  descent.tolerance = 0;
  Minimum collapsed_end;
  const double once = seconds([&] {
    const auto scan = one_scan(loss, parameters, data);
    const auto f = Objective::compile((*scan)->loss, parameters);
    collapsed_end = minimize(*f, std::vector{0.0, 0.0}, descent);
  });
  const auto f = Objective::compile(loss, parameters, data);
  // Every step is the same pass: few are run, all are counted.
  const std::size_t run = data.rows > 5'000'000 ? 20 : 100;
  descent.iterations = run;
  const double each = seconds([&] {
                        (void)minimize(*f, std::vector{0.0, 0.0}, descent);
                      }) /
                      static_cast<double>(run);
  fmt::print("{:<26} {:>10} {:>12.3f} {:>12.3f} {:>8.0f}   w={:.6f} b={:.6f}\n",
             "2949 steps: one scan, ms", data.rows, 1e3 * once, 1e3 * each * steps,
             each * steps / once, collapsed_end.at[0], collapsed_end.at[1]);
}

void reading() {
  std::string text = "a,b,c,d,e\n";
  Random random(1);
  while (text.size() < 100'000'000) {
    for (int k = 0; k < 5; ++k)
      text += fmt::format("{}{}", 20 * random.uniform() - 10, k < 4 ? ',' : '\n');
  }
  std::vector<double> times;
  std::size_t rows = 0;
  for (int i = 0; i < 5; ++i) {
    times.push_back(seconds([&] { rows = read_csv(text)->rows; }));
  }
  fmt::print("\nreading CSV: 100 MB, {} rows of 5 numbers: {:.3f} s\n", rows, median(times));
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) {
  using namespace nabla;
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::stoul(argv[i]));
  if (sizes.empty()) sizes = {1'000'000, 20'000'000};
  fmt::print("{:<26} {:>10} {:>12} {:>12} {:>8} {:>8} {:>8} {:>10} {:>8}\n",
             "one value+gradient pass", "rows", "ns/row", "by hand", "ratio", "to Jets", "to NumPy",
             "difference", "threads");
  for (const std::size_t n : sizes) {
    std::vector<double> x(n), u(n), y(n), c(n);
    Random random(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = 4 * random.uniform();
      u[i] = 2 * random.uniform() - 1;
      y[i] = 3 * x[i] + 2 + random.uniform() - 0.5;
      c[i] = random.uniform() < 1 / (1 + std::exp(-x[i] + 2 * u[i] + 1)) ? 1 : 0;
    }
    const Data data{.names = {"x", "u", "y", "c"}, .columns = {x, u, y, c}, .rows = n};
    passes(data, n > 5'000'000 ? 5 : 15);
    one_scan_gain(data);
  }
  reading();
}
