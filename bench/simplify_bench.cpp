// How long does simplification take? Every derivative of the public corpus and the third
// derivatives of three functions that swell: processor time of simplify(), everything included,
// each on a graph of its own; least of some runs. Then the same derivatives by what other systems
// offer: GiNaC's normal() in this process, SymPy and Maxima by their own clocks, where they are.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "bench/peers/clock.hpp"
#include "bench/peers/peers.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/core/graph.hpp"
#include "parser/parse.hpp"
#include "simplify/metric.hpp"
#include "simplify/simplify.hpp"

namespace nabla {
namespace {

struct Item {
  std::string name, text, variable;
  unsigned order = 1;
};

const std::vector<Item> swelling{
    {"A", "exp(sin(x)^2)*log(x)/(1 + x^2)", "x", 3},
    {"B", "tanh(x*exp(-x^2))", "x", 3},
    {"C", "1/(1 + exp(-tanh(x)*sin(x)))", "x", 3},
};

const std::filesystem::path corpus =
    std::filesystem::path(NABLA_SHARED_DIR) / "corpus" / "simplify_public.txt";

std::vector<Item> read_corpus() {
  std::vector<Item> items;
  std::ifstream in(corpus);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> fields;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find(" ; ", at), line.size());
      fields.push_back(line.substr(at, end - at));
      at = end + 3;
    }
    items.push_back({fmt::format("P{:02}", items.size() + 1), fields.at(0), fields.at(1),
                     static_cast<unsigned>(std::stoul(fields.at(2)))});
  }
  return items;
}

struct Input {
  std::unique_ptr<Graph> graph;
  Expr raw;
};

Input derived(const Item& item) {
  auto graph = std::make_unique<Graph>();
  const auto read = parse(*graph, item.text, {.variables = {"a", "b", "c", "d"}, .columns = {}});
  const Expr f = read->value.entries.front();
  const Expr raw = *derivative(f, symbol(*graph, item.variable), item.order);
  return {std::move(graph), raw};
}

double milliseconds(const Item& item, int level) {
  return least_of(
      7, [&] { return derived(item); },
      [&](Input& in) { (void)simplify(in.raw, {.level = level}); });
}

void summary(const std::string& name, std::vector<double> times) {
  std::ranges::sort(times);
  const auto at = [&](std::size_t percent) { return times[(times.size() - 1) * percent / 100]; };
  fmt::print("{:<28} {:>10.3f} {:>10.3f} {:>10.3f} {:>10.3f}\n", name, at(50), at(90), at(99),
             times.back());
}

void sizes(const Item& item) {
  const Input in = derived(item);
  const Expr form = simplify(in.raw);
  fmt::print("{:<6} {:>10.3f} {:>10.3f} {:>7} {:>7} {:>7} {:>7}\n", item.name,
             milliseconds(item, 2), milliseconds(item, 3), tree_operations(in.raw),
             tree_operations(form), shared_operations(in.raw), shared_operations(form));
}

void run() {
  const std::vector<Item> items = read_corpus();
  fmt::print("{:<6} {:>10} {:>10} {:>7} {:>7} {:>7} {:>7}\n", "", "ms", "level 3", "tree", "now",
             "shared", "now");
  for (const Item& item : swelling) sizes(item);
  if (items.empty()) {
    fmt::print("the corpus is not there\n");
    return;
  }
  for (const Item& item : items) sizes(item);
  fmt::print("\n{:<28} {:>10} {:>10} {:>10} {:>10}\n", "ms of the corpus", "median", "p90", "p99",
             "most");
  for (const int level : {1, 2, 3}) {
    std::vector<double> times;
    for (const Item& item : items) times.push_back(milliseconds(item, level));
    summary(fmt::format("nabla, level {}", level), times);
  }
  for (const peers::Peer& peer : peers::all()) {
    if (!peer.normal) continue;
    std::vector<double> times;
    for (const Item& item : items) {
      times.push_back(peer.normal(item.text, item.variable, item.order).milliseconds);
    }
    summary(peer.name + " normal", times);
  }
  // Each prints lines like these, or nothing where the system is not there.
  std::fflush(stdout);
  for (const char* script : {"simplify_sympy.py", "simplify_maxima.py"}) {
    const auto path = std::filesystem::path(NABLA_SOURCE_DIR) / "bench" / "peers" / script;
    (void)std::system(fmt::format("python3 '{}' '{}'", path.string(), corpus.string()).c_str());
  }
}

}  // namespace
}  // namespace nabla

int main() { nabla::run(); }
