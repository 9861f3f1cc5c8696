// Certified data sets: the program reaches the known parameters and standard errors from both
// starts. Skipped where the corpus is not.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla::test {
namespace {

using nlohmann::json;

#define ROWS_OR_SKIP(rows, file, count)                                     \
  const auto rows = corpus(file);                                           \
  if (rows.empty()) GTEST_SKIP() << "no " << (file) << " beside this tree"; \
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(count))

// The fewest digits in which the named numbers agree with the known ones.
double digits(const json& got, const std::string& names, const std::string& known) {
  double fewest = 16;
  const auto name = split(names), right = split(known);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const double value = got.contains(name[i]) ? value_of(got[name[i]]) : std::nan("");
    const double error = relative_error(value, number(right[i]));
    fewest = std::isnan(error) ? 0 : std::min(fewest, -std::log10(std::max(error, 1e-16)));
  }
  return fewest;
}

std::string point_of(const std::string& names, const std::string& values) {
  std::string out;
  const auto name = split(names), value = split(values);
  for (std::size_t i = 0; i < name.size(); ++i)
    out += (i > 0 ? "," : "") + name[i] + "=" + value[i];
  return out;
}

json fit(const std::string& model, const std::string& file, const std::string& options) {
  const Ran ran =
      shell("nabla fit '" + model + "' " NABLA_SHARED_DIR "/corpus/" + file + " --json " + options);
  json reply = json::parse(ran.out, nullptr, false);
  if (reply.is_discarded()) reply = json{{"ok", false}, {"error", ran.err}};
  reply["code"] = ran.code;
  return reply;
}

TEST(Nist, NonlinearSetsReachTheirCertifiedValuesFromBothStarts) {
  ROWS_OR_SKIP(rows, "nist_public.tsv", 13);
  for (const Row& row : rows) {
    for (const std::size_t start : {5u, 6u}) {
      const json reply = fit(row[1] + " ~ " + row[2], "nist_public/" + row[0] + ".csv",
                             "--from " + point_of(row[4], row[start]));
      ASSERT_TRUE(reply.value("ok", false)) << row[0] << reply;
      EXPECT_TRUE(reply["converged"]) << row[0] << reply;
      EXPECT_GE(digits(reply["parameters"], row[4], row[13]), 8)
          << row[0] << " start " << start - 4;
      EXPECT_GE(digits(reply["standard_errors"], row[4], row[8]), 5) << row[0];
    }
  }
}

TEST(LinearRegression, ReachesItsSolutionsAndStandardErrors) {
  ROWS_OR_SKIP(rows, "linreg.tsv", 34);
  for (const Row& row : rows) {
    if (row[2] == "logit") continue;
    const bool linear = row[2] == "ols";
    const json reply = fit(row[3] + " ~ " + row[4], "linreg/" + row[1],
                           linear ? "" : "--from " + point_of(row[5], row[6]));
    ASSERT_TRUE(reply.value("ok", false)) << row[0] << reply;
    EXPECT_TRUE(reply["converged"]) << row[0] << reply;
    const double wanted = row[0] == "nist_filip" ? 6 : 8;
    EXPECT_GE(digits(reply["parameters"], row[5], row[7]), wanted) << row[0];
    if (row[8] != "-") {
      EXPECT_GE(digits(reply["standard_errors"], row[5], row[8]), wanted) << row[0];
    }
    const double rss = number(row[9 + 1]);
    EXPECT_NEAR(value_of(reply["rss"]), rss, 1e-6 * rss + 1e-12) << row[0];
  }
}

}  // namespace
}  // namespace nabla::test
