// What the help shows is what the program does; what the textbooks say is what it answers.

#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "cli/tour.hpp"
#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla {
namespace {

using test::Ran;
using test::shell;

TEST(Examples, OfEveryCommandPrintWhatTheHelpSays) {
  for (const Command* command : commands()) {
    EXPECT_FALSE(command->examples.empty()) << command->name;
    for (const Example& example : command->examples) {
      const Ran ran = shell(example.line);
      EXPECT_EQ(ran.code, 0) << example.line << "\n" << ran.err;
      EXPECT_NE(ran.out, "") << example.line;
      if (!example.output.empty()) {
        EXPECT_EQ(ran.out, std::string(example.output) + "\n") << example.line;
      }
    }
  }
}

TEST(Examples, ComeFirstInEveryHelp) {
  for (const Command* command : commands()) {
    const Ran ran = shell("nabla " + std::string(command->name) + " --help");
    EXPECT_EQ(ran.code, 0);
    EXPECT_TRUE(ran.out.starts_with("$ " + std::string(command->examples.front().line) + "\n"))
        << ran.out;
    EXPECT_EQ(shell("nabla help " + std::string(command->name)).out, ran.out);
  }
}

// Definitions before a step, and the step, as one text for commands that know no session.
std::string text_until(const WorkedExample& example, const Step& last) {
  std::string text;
  for (const Step& step : example.steps) {
    if (&step == &last) return text + std::string(step.line);
    if (step.answer.empty() && step.shown.empty()) text += std::string(step.line) + "; ";
  }
  return text;
}

void expect_numbers(std::string_view answer, std::string_view printed, std::string_view text) {
  std::string clean(printed);
  for (char& c : clean) c = c == '[' || c == ']' || c == ',' || c == '\n' ? ' ' : c;
  const auto known = split_list(answer, ' '), got = split_list(clean, ' ');
  std::vector<std::string_view> numbers;
  for (const auto word : got) {
    if (!word.empty()) numbers.push_back(word);
  }
  ASSERT_EQ(numbers.size(), known.size()) << text << "\n" << printed;
  for (std::size_t i = 0; i < known.size(); ++i) {
    EXPECT_NEAR(test::number(numbers[i]), test::number(known[i]), 5.1e-5) << text;
  }
}

TEST(WorkedExamples, AreRightAtThePrompt) {
  Output nowhere(-1);
  const Console console{.out = nowhere, .err = nowhere};
  for (const WorkedExample& example : worked_examples()) {
    Session session(console, true);
    for (const Step& step : example.steps) {
      const auto reply = session.enter(step.line);
      EXPECT_TRUE(is_right(session, reply, step)) << example.title << ": " << step.line << "\n"
                                                  << reply.text;
    }
  }
}

TEST(WorkedExamples, AWrongAnswerIsSeen) {
  Output nowhere(-1);
  Session session(Console{.out = nowhere, .err = nowhere}, true);
  const auto reply = session.enter("d/dx x^2");
  EXPECT_TRUE(is_right(session, reply, {.line = "", .shown = "2x"}));
  EXPECT_FALSE(is_right(session, reply, {.line = "", .shown = "2x + 1"}));
  EXPECT_FALSE(is_right(session, reply, {.line = "", .answer = "6"}));
  EXPECT_FALSE(is_right(session, session.enter("f("), {.line = ""}));
}

TEST(WorkedExamples, AreRightOnTheCommandLineAndInABatch) {
  std::vector<test::Row> rows;
  for (const WorkedExample& example : worked_examples()) {
    for (const Step& step : example.steps) {
      if (step.answer.empty()) continue;
      const std::string text = text_until(example, step);
      rows.push_back({text, std::string(step.answer)});
      std::string quoted;
      for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
      const Ran ran = shell("nabla eval '" + quoted + "'");
      EXPECT_EQ(ran.code, 0) << ran.err;
      expect_numbers(step.answer, ran.out, text);
    }
  }
  const auto replies = test::ask(rows, [](const test::Row& row) {
    return nlohmann::json{{"op", "eval"}, {"expr", row[0]}};
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_TRUE(replies[i].value("ok", false)) << rows[i][0] << replies[i];
    expect_numbers(rows[i][1], replies[i]["values"][0].dump(), rows[i][0]);
  }
}

TEST(Fit, ReachesWhatTheTextbookReaches) {
  constexpr double x[] = {1, 2, 3, 4, 5}, y[] = {5, 8, 11, 14, 17};
  const auto fit = fit_line(x, y, 0.01, 500);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->w, 3.0553, 5e-5);
  EXPECT_NEAR(fit->b, 1.8003, 5e-5);
  EXPECT_GT(fit->slope, 1e-3);
}

}  // namespace
}  // namespace nabla
