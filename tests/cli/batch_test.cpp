// The batch protocol from inside: one reply per line, nothing kept, nothing lost.

#include "cli/batch.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "lib/core/graph.hpp"
#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"
#include "tests/support/sanitized.hpp"

namespace nabla {
namespace {

using nlohmann::json;

struct Batch : testing::Test {
  Output nowhere{-1};
  Console console{.out = nowhere, .err = nowhere};
  Graph graph;

  std::string text(std::string_view line) {
    std::string out;
    append_reply(out, line, console, graph);
    return out;
  }
  json reply(std::string_view line) { return json::parse(text(line)); }
};

TEST_F(Batch, RepliesAsTheProtocolPrintsIt) {
  EXPECT_EQ(
      text(R"~({"id":1,"op":"diff","expr":"x^2*sin(x)","wrt":["x"],"at":[{"x":1.5}]})~"),
      R"~({"id":1,"ok":true,"result":"x^2*cos(x) + 2*x*sin(x)","values":[3.151643663564495],)~"
      R"~("operations":7,"notes":[]})~");
}

TEST_F(Batch, TheFieldForSaysWhatIsShort) {
  const std::string request = R"~({"op":"diff","expr":"1/(1 + exp(-x))")~";
  EXPECT_EQ(reply(request + R"~(,"for":"display"})~")["result"], "1/(2*(cosh(x) + 1))");
  // not exp(x)/(exp(x) + 1)^2, which is quicker and NaN from 710 on
  EXPECT_EQ(reply(request + R"~(,"for":"run"})~")["result"], "1/(2*(cosh(x) + 1))");
  EXPECT_EQ(reply(request + R"~(,"for":"run","simplify":1})~")["result"],
            reply(request + "}")["result"]);
  EXPECT_EQ(reply(request + R"~(,"for":"speed"})~")["error"]["code"], "U512");
}

// (x^2 - 1)/(x - 1) has no slope at 1, though its short form has one everywhere.
TEST_F(Batch, ValuesAreThoseOfTheDerivativeAtEveryLevel) {
  for (const int level : {1, 2, 3}) {
    const auto got =
        reply(R"~({"op":"diff","expr":"(x^2 - 1)/(x - 1)","at":[{"x":1},{"x":2}],"simplify":)~" +
              std::to_string(level) + "}");
    EXPECT_EQ(got["values"].dump(), R"~(["nan",1])~") << level;
    EXPECT_EQ(got["result"] == "1", level > 1);
  }
}

TEST_F(Batch, EchoesAnyIdAlsoWhenItRefuses) {
  for (const std::string id : {"1", "\"a\\\"b\"", "[1,{\"x\":null}]", "-1.5", "null"}) {
    EXPECT_EQ(reply("{\"id\":" + id + ",\"op\":\"parse\",\"expr\":\"x\"}")["id"], json::parse(id));
    EXPECT_EQ(reply("{\"id\":" + id + ",\"op\":\"parse\",\"expr\":\"x+\"}")["id"], json::parse(id));
    EXPECT_EQ(reply("{\"id\":" + id + ",\"op\":7}")["id"], json::parse(id));
  }
}

TEST_F(Batch, SurvivesLinesThatAreNoRequests) {
  for (const std::string line :
       {"", "{", "[]", "7", "\"x\"", "{}", "{\"op\":\"diff\"}", "\xff\xfe", "{\"op\":null}",
        "{\"op\":\"diff\",\"expr\":\"\\u0000\"}", "{\"op\":\"diff\",\"exprs\":[]}",
        "{\"op\":\"diff\",\"expr\":\"x\",\"order\":-1}",
        "{\"op\":\"diff\",\"expr\":\"x\",\"at\":7}",
        "{\"op\":\"diff\",\"expr\":\"x\",\"at\":[{\"x\":1e999}]}",
        "{\"id\":1e999,\"op\":\"diff\",\"expr\":\"x\"}",
        "{\"op\":\"diff\",\"expr\":\"x\",\"wrt\":[\"2x\"]}"}) {
    const json error = reply(line);
    EXPECT_EQ(error["ok"], false) << line;
    EXPECT_NE(error["error"]["code"], "") << line;
    EXPECT_EQ(error["error"]["span"].size(), 2u) << line;
  }
}

TEST_F(Batch, DeepJsonIsNoTrouble) {
  EXPECT_EQ(reply(std::string(100'000, '['))["ok"], false);
  const std::string open(1'000'000, '['), close(1'000'000, ']');
  EXPECT_EQ(reply("{\"id\":" + open + close + ",\"op\":\"diff\",\"expr\":\"x\"}")["ok"], false);
  EXPECT_EQ(reply("{\"op\":\"diff\",\"expr\":\"x\",\"more\":\"" + open + "\"}")["ok"], true);
  EXPECT_EQ(reply(std::string(100'000, '[') + std::string(100'000, ']'))["ok"], false);
}

TEST_F(Batch, SpansCountBytesOfTheExpression) {
  EXPECT_EQ(reply(R"~({"op":"parse","expr":"α + )"})~")["error"]["span"], json({5, 6}));
  EXPECT_EQ(reply(R"~({"op":"parse","expr":"x^2 * sinn(x)"
})~")["error"]["span"],
            json({6, 10}));
}

TEST_F(Batch, EveryNumberComesBackAsItWent) {
  for (const double x : {0.1, 1e300, -5e-324, 1e22, 123456789.125, 2.0 / 3}) {
    const json got = reply(json{{"op", "eval"}, {"expr", "x"}, {"at", {{{"x", x}}}}}.dump());
    EXPECT_EQ(got["values"][0].get<double>(), x);
  }
  const json got =
      reply(R"~({"op":"eval","expr":"x","at":[{"x":"nan"},{"x":"inf"},{"x":"-inf"},{"x":-0.0}]})~");
  EXPECT_EQ(got["values"].dump(), R"~(["nan","inf","-inf",-0.0])~");
}

TEST_F(Batch, APointWithoutANameIsNull) {
  const json got =
      reply(R"~({"op":"grad","expr":"x*y","at":[{"x":1,"y":2},{"x":1},{"x":3,"y":4}]})~");
  EXPECT_EQ(got["values"].dump(), "[[2,1],null,[4,3]]");
  EXPECT_EQ(got["notes"][0]["code"], "E301");
}

TEST_F(Batch, DeclaredVariablesHideConstantsAndFunctions) {
  EXPECT_EQ(
      reply(
          R"~({"op":"grad","expr":"gamma*e^2*I","variables":["gamma","e","I"],"at":[{"gamma":2,"e":3,"I":5}]})~")
          ["values"]
              .dump(),
      "[[45,60,18]]");
  EXPECT_EQ(reply(R"~({"op":"diff","expr":"e^x","wrt":["e"]})~")["ok"], false);
}

TEST_F(Batch, DataMakeSumsValues) {
  const json got =
      reply(R"~({"op":"grad","expr":"(1/n)*sum((y_i - (wx_i + b))^2)","wrt":["w","b"],)~"
            R"~("at":[{"w":0.5,"b":1,"x":[1,2,3,4,5],"y":[2,4,5,4,5]}]})~");
  ASSERT_TRUE(got["ok"]) << got;
  EXPECT_NEAR(got["values"][0][0].get<double>(), -9.4, 1e-12);
  EXPECT_NEAR(got["values"][0][1].get<double>(), -3.0, 1e-12);
}

TEST_F(Batch, ResultsReadBackToTheSameValues) {
  const json first =
      reply(R"~({"op":"hessian","expr":"exp(x*y)/(1+x^2)","at":[{"x":0.3,"y":0.7}]})~");
  const json again = reply(
      json{{"op", "eval"}, {"expr", first["result"][0][1]}, {"at", {{{"x", 0.3}, {"y", 0.7}}}}}
          .dump());
  EXPECT_EQ(first["values"][0][0][1], again["values"][0]);
}

std::size_t resident_pages() {
  std::size_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident;
}

TEST_F(Batch, KinksAreSurfacesWithWhatHappensThere) {
  const json got = reply(R"~({"id":7,"op":"kinks","expr":"abs(x^2 - 4) + 3*floor(2*x)"})~");
  ASSERT_EQ(got["ok"], true) << got;
  std::map<std::string, json> places;
  for (const json& place : got["kinks"]) places[place["surface"]] = place;
  ASSERT_EQ(places.size(), 2u) << got;
  EXPECT_EQ(places["x^2 - 4"], json::parse(R"~({"surface":"x^2 - 4","where":"zero","kind":"kink",)~"
                                           R"~("of":"abs","derivative":"0","at":["-2","2"]})~"));
  EXPECT_EQ(places["2*x"], json::parse(R"~({"surface":"2*x","where":"whole","kind":"jump",)~"
                                       R"~("of":"floor","derivative":"0","at":[]})~"));
  EXPECT_EQ(reply(R"~({"op":"kinks","expr":"sin(x)/x"})~")["kinks"], json::array());
}

TEST_F(Batch, TheSlopeAtAKinkIsTheOneThatKinksNames) {
  for (const std::string f : {"abs(x - 3/2)", "sign(2*x - 1)", "relu(x)", "max(x, 2*x)"}) {
    const json found = reply(json{{"op", "kinks"}, {"expr", f}}.dump());
    ASSERT_EQ(found["kinks"].size(), 1u) << f;
    ASSERT_EQ(found["kinks"][0]["at"].size(), 1u) << f;
    const std::string place = found["kinks"][0]["at"][0];
    const json at =
        reply(json{{"op", "eval"}, {"expr", place}, {"at", json::array({json::object()})}}.dump());
    const json slope = reply(json{{"op", "diff"},
                                  {"expr", f},
                                  {"wrt", json::array({"x"})},
                                  {"at", {{{"x", at["values"][0]}}}}}
                                 .dump());
    const bool first = found["kinks"][0]["derivative"] == "that of the first operand";
    EXPECT_EQ(slope["values"][0], first ? 1 : 0) << f << " at " << place;
  }
}

TEST_F(Batch, NothingPassesFromOneRequestToTheNext) {
  const std::string question = R"({"id":1,"op":"diff","expr":"y*x^2 + sin(x)*z","wrt":["x"]})";
  const std::string alone = text(question);
  for (const char* other :
       {R"({"id":2,"op":"grad","expr":"z*y*x + sin(z) + 7^99"})",
        R"({"id":3,"op":"diff","expr":"sin(x) + x^2*y","wrt":["x"],"limits":{"nodes":5}})",
        R"({"id":4,"op":"diff","expr":"f(x) = ","wrt":["x"]})"}) {
    (void)text(other);
    EXPECT_EQ(text(question), alone) << other;
  }
}

TEST_F(Batch, MemoryDoesNotGrowWithTheNumberOfRequests) {
  if (test::sanitized) GTEST_SKIP() << "sanitizers keep what was freed";
  const std::string line =
      R"~({"id":1,"op":"diff","expr":"x^2*sin(x*y)","wrt":["x"],"at":[{"x":1,"y":2}]})~";
  std::string out;
  const auto serve_some = [&](int n) {
    for (int i = 0; i < n; ++i) {
      out.clear();
      append_reply(out, line, console, graph);
    }
  };
  serve_some(2'000);
  const std::size_t before = resident_pages();
  serve_some(100'000);
  EXPECT_LE(resident_pages(), before + 256);  // one MiB
}

TEST(BatchProcess, AnswersBeforeItIsAskedAgain) {
  const auto ran = test::shell(
      "coproc nabla batch; echo '{\"op\":\"parse\",\"expr\":\"x\"}' >&${COPROC[1]};"
      "read -t 20 line <&${COPROC[0]} && echo \"$line\"");
  EXPECT_NE(ran.out.find("\"ok\":true"), std::string::npos) << ran.out << ran.err;
}

TEST(BatchProcess, TooLongALineIsRefusedAndTheNextServed) {
  const auto ran = test::shell(
      "(head -c 17000000 /dev/zero | tr '\\0' 'x'; echo; echo '{\"op\":\"parse\",\"expr\":\"x\"}') "
      "| nabla batch");
  const auto lines = test::lines_of(ran.out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(json::parse(lines[0])["error"]["code"], "L104");
  EXPECT_EQ(json::parse(lines[1])["ok"], true);
}

TEST(BatchProcess, ATimeoutEndsARequestAndNotTheProgram) {
  const auto ran = test::shell(
      "printf '%s\\n%s\\n' '{\"op\":\"diff\",\"expr\":\"sum(k,1,300000,sin(k*x)^3)\",\"order\":9}' "
      "'{\"op\":\"parse\",\"expr\":\"x\"}' | nabla batch --timeout 0.05");
  const auto lines = test::lines_of(ran.out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(json::parse(lines[0])["error"]["code"], "L110");
  EXPECT_EQ(json::parse(lines[1])["ok"], true);
}

}  // namespace
}  // namespace nabla
