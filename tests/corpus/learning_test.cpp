// Certified data sets: the program reaches the known parameters and standard errors from both
// starts. Skipped where the corpus is not.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

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
    const bool linear = row[2] == "ols", logit = row[2] == "logit";
    const json reply =
        fit(row[3] + " ~ " + row[4], "linreg/" + row[1],
            linear ? "" : "--from " + point_of(row[5], row[6]) + (logit ? " --loss logloss" : ""));
    ASSERT_TRUE(reply.value("ok", false)) << row[0] << reply;
    EXPECT_TRUE(reply["converged"]) << row[0] << reply;
    const double wanted = row[0] == "nist_filip" ? 6 : 8;
    EXPECT_GE(digits(reply["parameters"], row[5], row[7]), wanted) << row[0];
    if (row[8] != "-") {
      EXPECT_GE(digits(reply["standard_errors"], row[5], row[8]), wanted) << row[0];
    }
    // The negative log-likelihood is the mean loss times the rows.
    const double objective =
        logit ? value_of(reply["loss"]) * value_of(reply["rows"]) : value_of(reply["rss"]);
    EXPECT_NEAR(objective, number(row[10]), 1e-6 * number(row[10]) + 1e-12) << row[0];
  }
}

// What the notes of the corpus list as other minima.
bool is_documented(const std::string& name, double value) {
  const std::map<std::string, double> known = {{"freudenstein_roth", 48.984253679},
                                               {"biggs_exp6", 0.00565565},
                                               {"trigonometric_4", 0.000302824}};
  const auto found = known.find(name);
  return found != known.end() && std::abs(value / found->second - 1) < 1e-5;
}

TEST(Minimisation, ReachesThePublishedMinimaByTheDefaultMethod) {
  ROWS_OR_SKIP(rows, "opt.tsv", 50);
  int reached = 0;
  for (const Row& row : rows) {
    std::string start;
    const auto names = split(row[2]), values = split(row[3]);
    for (std::size_t i = 0; i < names.size(); ++i) {
      char text[64];
      std::snprintf(text, sizeof text, "%s%s=%.17g", i > 0 ? "," : "", names[i].c_str(),
                    number(values[i]));
      start += text;
    }
    const Ran ran = shell("nabla minimize '" + row[1] + "' --json --from " + start);
    const json reply = json::parse(ran.out, nullptr, false);
    ASSERT_TRUE(!reply.is_discarded() && reply.value("ok", false)) << row[0] << ran.out << ran.err;
    const double value = value_of(reply["value"]), known = number(row[7]);
    const bool there = known == 0 ? value <= 1e-10 : std::abs(value / known - 1) < 1e-8;
    const bool ends = reply["converged"] && ran.code == 0;
    reached += ends && (there || is_documented(row[0], value));
    EXPECT_TRUE(there || !reply["converged"] || is_documented(row[0], value))
        << row[0] << ": converged to " << value << ", not to " << known;
  }
  EXPECT_GE(reached, 49);
}

}  // namespace
}  // namespace nabla::test
