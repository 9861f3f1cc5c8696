// The interpreter's loops for rows, each that this processor can run, give the same bits.

#include "lib/eval/interpret/rows.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "lib/eval/interpret.hpp"
#include "lib/eval/stages.hpp"
#include "lib/eval/tape.hpp"
#include "tests/support/foreign.hpp"
#include "tests/support/random_expr.hpp"

namespace nabla::test {
namespace {

TEST(RowMachines, GiveTheSameBits) {
  constexpr std::size_t rows = 83;  // whole blocks and a rest in each
  const auto machines = row_machines();
  ASSERT_FALSE(machines.empty());
  const auto& edges = edge_values();
  for (int done = 0; done < 400; ++done) {
    Graph g;
    RandomExpressions random(
        g, {.seed = 90 + static_cast<std::uint64_t>(done), .operations = 4 + done % 60});
    const Expr f = random.next();
    const auto tape = record(random.variables(), std::span(&f, 1));
    ASSERT_TRUE(tape);
    const CompileOptions options{.math = done % 3 == 0   ? Math::library
                                         : done % 3 == 1 ? Math::fast
                                                         : Math::precise,
                                 .contract = done % 2 == 0,
                                 .engine = done % 5 == 0 ? Engine::native : Engine::interpreter};
    const Stages stages = batch_stages(*tape, options);
    if (stages.stages.size() != 1) continue;  // a part that is once for all rows
    const Code& code = stages.stages[0].code;
    std::vector<double> columns[3];
    std::vector<const double*> in;
    for (auto& column : columns) {
      for (std::size_t k = 0; k < rows; ++k) {
        column.push_back(
            k % 2 == 0
                ? random.uniform(-4, 4)
                : edges[static_cast<std::size_t>(random.below(static_cast<int>(edges.size())))]);
      }
      in.push_back(column.data());
    }
    std::vector<double> expected;
    for (const RowMachine* machine : machines) {
      std::vector<double> found(rows);
      double* const out[] = {found.data()};
      RowInterpreter(code, *machine).run(in.data(), nullptr, out, 0, rows);
      if (machine == machines.front()) expected = found;
      for (std::size_t k = 0; k < rows; ++k) {
        ASSERT_TRUE(same_bits(expected[k], found[k]))
            << machine->rows << " rows a block, row " << k << "\n"
            << to_text(code);
      }
    }
  }
}

}  // namespace
}  // namespace nabla::test
