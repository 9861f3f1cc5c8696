// Formulas from public sources, asked through the batch protocol. Skipped where the corpus is not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla::test {
namespace {

using nlohmann::json;
std::vector<Row> rows_of(const std::string& file, std::size_t expected) {
  auto rows = corpus(file);
  if (!rows.empty()) {
    EXPECT_EQ(rows.size(), expected) << file << " has changed";
  }
  return rows;
}

#define ROWS_OR_SKIP(rows, file, expected)   \
  const auto rows = rows_of(file, expected); \
  if (rows.empty()) GTEST_SKIP() << "no " << file << " beside this tree"

TEST(Corpus, ReadsAndEvaluatesFormulasOfOtherLibraries) {
  ROWS_OR_SKIP(rows, "parse_public.tsv", 150);
  const auto replies = ask(rows, [](const Row& row) {
    return json{{"op", "eval"}, {"expr", row[1]}, {"at", {point(row[2])}}};
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_TRUE(replies[i].value("ok", false)) << rows[i][1] << "\n" << replies[i];
    const double value = value_of(replies[i]["values"][0]);
    EXPECT_LE(relative_error(value, number(rows[i][3])), std::max(1e-12, 1000 * number(rows[i][5])))
        << rows[i][0] << ": " << rows[i][1];
  }
}

TEST(Corpus, RefusesMalformedFormulasAndSaysWhere) {
  ROWS_OR_SKIP(rows, "parse_malformed_public.tsv", 22);
  const auto replies = ask(rows, [](const Row& row) {
    return json{{"op", "parse"}, {"expr", row[0]}};
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_FALSE(replies[i].value("ok", true)) << rows[i][0] << "\n" << replies[i];
    const json& error = replies[i]["error"];
    EXPECT_LE(error["span"][0], error["span"][1]) << rows[i][0];
    EXPECT_LE(error["span"][1], rows[i][0].size()) << rows[i][0];
    EXPECT_THAT(error["code"].get<std::string>(), testing::MatchesRegex("[PN][0-9]+"))
        << rows[i][0];
  }
}

TEST(Corpus, DerivativesOfAntiderivativesAreTheIntegrandsAtEveryLevel) {
  ROWS_OR_SKIP(rows, "rubi_public.tsv", 4865);
  for (const int level : {1, 2, 3}) {
    const auto replies = ask(rows, [level](const Row& row) {
      auto variables = split(row[2]);
      variables.push_back(row[1]);
      return json{{"op", "diff"},      {"expr", row[3]},
                  {"wrt", {row[1]}},   {"variables", variables},
                  {"simplify", level}, {"at", {point(row[5]), point(row[7]), point(row[9])}}};
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_TRUE(replies[i].value("ok", false)) << rows[i][0] << "\n" << replies[i];
      for (std::size_t k = 0; k < 3; ++k) {
        const double value = value_of(replies[i]["values"][k]);
        EXPECT_LE(relative_error(value, number(rows[i][6 + 2 * k])),
                  std::max(1e-9, 1000 * number(rows[i][11])))
            << rows[i][0] << " at " << rows[i][5 + 2 * k] << ", level " << level << ": "
            << rows[i][3];
      }
    }
  }
}

TEST(Corpus, PhysicsFormulasHaveTheirValuesAndGradients) {
  ROWS_OR_SKIP(rows, "feynman_public.tsv", 60);
  for (const std::string op : {"eval", "grad"}) {
    const auto replies = ask(rows, [&](const Row& row) {
      return json{{"op", op},
                  {"expr", row[2]},
                  {"wrt", split(row[3])},
                  {"variables", split(row[3])},
                  {"at", {point(row[5]), point(row[8]), point(row[11])}}};
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_TRUE(replies[i].value("ok", false)) << rows[i][0] << "\n" << replies[i];
      for (std::size_t k = 0; k < 3; ++k) {
        const json& got = replies[i]["values"][k];
        const auto known = op == "eval" ? Row{rows[i][6 + 3 * k]} : split(rows[i][7 + 3 * k]);
        for (std::size_t j = 0; j < known.size(); ++j) {
          const double value = value_of(op == "eval" ? got : got[j]);
          EXPECT_LE(relative_error(value, number(known[j])), 1e-11) << op << " of " << rows[i][0];
        }
      }
    }
  }
}

// Entries that cancel to almost nothing are judged on the scale of 1.
TEST(Corpus, OptimisationProblemsStartAtTheirValueAndGradient) {
  ROWS_OR_SKIP(rows, "opt.tsv", 50);
  for (const std::string op : {"eval", "grad"}) {
    const auto replies = ask(rows, [&](const Row& row) {
      json at = json::object();
      const auto names = split(row[2]), start = split(row[3]);
      for (std::size_t i = 0; i < names.size(); ++i) at[names[i]] = number(start[i]);
      return json{{"op", op}, {"expr", row[1]}, {"wrt", names}, {"variables", names}, {"at", {at}}};
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_TRUE(replies[i].value("ok", false)) << rows[i][0] << "\n" << replies[i];
      const json& got = replies[i]["values"][0];
      const auto known = op == "eval" ? Row{rows[i][4]} : split(rows[i][5]);
      for (std::size_t j = 0; j < known.size(); ++j) {
        const double value = value_of(op == "eval" ? got : got[j]), right = number(known[j]);
        EXPECT_LE(std::abs(value - right), 1e-11 * std::max(1.0, std::abs(right)))
            << op << " of " << rows[i][0];
      }
    }
  }
}

}  // namespace
}  // namespace nabla::test
