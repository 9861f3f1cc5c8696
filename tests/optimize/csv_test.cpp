// Data files: what is read, and what is refused with which place.

#include "lib/optimize/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nabla {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Table read(std::string_view text, const CsvFormat& format = {},
           std::vector<std::string> wanted = {}) {
  auto table = read_csv(text, format, wanted);
  EXPECT_TRUE(table) << (table ? "" : table.error().message);
  return table ? std::move(*table) : Table{};
}

Diagnostic refused(std::string_view text, const CsvFormat& format = {},
                   std::vector<std::string> wanted = {}) {
  const auto table = read_csv(text, format, wanted);
  EXPECT_FALSE(table) << text;
  return table ? Diagnostic{} : table.error();
}

TEST(Csv, IsReadWhateverTheLineEndsAndWithAByteOrderMark) {
  for (const std::string text :
       {"x,y\n1,2\n3,4\n", "x,y\r\n1,2\r\n3,4", "\xEF\xBB\xBFx,y\n1,2\n3,4\n", "x,y\r1,2\r3,4\r",
        "\n\nx,y\n\n1,2\n\n3,4\n\n\n", "\"x\",\"y\"\n\"1\",2\n 3 ,\t4\n"}) {
    const Table t = read(text);
    EXPECT_THAT(t.names, ElementsAre("x", "y")) << text;
    ASSERT_EQ(t.rows, 2u) << text;
    EXPECT_THAT(t.columns[0], ElementsAre(1, 3)) << text;
    EXPECT_THAT(t.columns[1], ElementsAre(2, 4)) << text;
  }
}

TEST(Csv, NumbersAreReadToTheLastBit) {
  const Table t = read("x\n0.1\n-1E-06\n+2.5e3\n.5\n5.\n1e-400\n-1e-400\n4.9e-324\n");
  EXPECT_THAT(t.columns[0], ElementsAre(0.1, -1e-06, 2500, 0.5, 5, 0, 0, 4.9e-324));
}

TEST(Csv, QuotedFieldsHoldDelimitersQuotesAndLineEnds) {
  const Table t =
      read("name,\"a \"\"x\"\", b\",y\n\"line\none, two\",1,2\n,3,4\n", {}, {"a_x_b", "y"});
  EXPECT_THAT(t.columns[0], ElementsAre(1, 3));
  EXPECT_THAT(t.columns[1], ElementsAre(2, 4));
}

TEST(Csv, LinesAreCountedThroughQuotedLineEnds) {
  EXPECT_THAT(refused("a,b\n\"1\n\n\",2\nq,3\n", {}, {"a"}).message, HasSubstr("line 2, column 1"));
  EXPECT_THAT(refused("a,b\n\"1\n\n\",2\n3,q\n", {}, {"b"}).message, HasSubstr("line 5, column 2"));
}

TEST(Csv, DelimiterAndDecimalSignAreOptions) {
  const Table t = read("x;y\n1,5;3,0\n-2,25;1e3\n", {.delimiter = ';', .decimal = ','});
  EXPECT_THAT(t.columns[0], ElementsAre(1.5, -2.25));
  EXPECT_THAT(t.columns[1], ElementsAre(3, 1000));
  EXPECT_THAT(read("x\ty\n1\t2\n", {.delimiter = '\t'}).columns[1], ElementsAre(2));
}

TEST(Csv, AWrongDelimiterIsToldByTheFirstRow) {
  const Diagnostic error = refused("x;y\n1,5;3,0\n");
  EXPECT_EQ(error.code, "C801");
  EXPECT_THAT(error.message, HasSubstr("line 2"));
  EXPECT_THAT(error.hint, HasSubstr("--delimiter ';'"));
  EXPECT_THAT(error.hint, HasSubstr("--decimal ','"));
}

TEST(Csv, ColumnsThatNobodyAskedForMayHoldAnything) {
  EXPECT_THAT(read("species,x\nsetosa,1\n,2\n", {}, {"x"}).columns[0], ElementsAre(1, 2));
}

TEST(Csv, EveryRefusalNamesLineAndColumn) {
  struct Case {
    std::string text, code, place;
  };
  for (const auto& [text, code, place] :
       std::vector<Case>{{"", "C804", "empty"},
                         {"\n\r\n", "C804", "empty"},
                         {"x,y\n", "C804", "no rows"},
                         {"x,y\n1,2\n3\n", "C801", "line 3 has 1 field,"},
                         {"x,y\n1,2\n3,4,5\n", "C801", "line 3"},
                         {"x,y\n1,2\n3,four\n", "C802", "line 3, column 2 ('y'): 'four'"},
                         {"x,y\n1,0x10\n", "C802", "'0x10'"},
                         {"x,y\n1,1e400\n", "C802", "'1e400'"},
                         {"x,y\n1,inf\n", "C802", "'inf'"},
                         {"x,y\n1,1.2.3\n", "C802", "'1.2.3'"},
                         {"x,y\n1,\n", "C803", "line 2, column 2 ('y')"},
                         {"x,y\n1,NA\n", "C803", "line 2, column 2"},
                         {"x,y\nNaN,1\n", "C803", "line 2, column 1"},
                         {"x\n1\n\n2\n", "C803", "line 3, column 1"},
                         {"1,2\n3,4\n", "C805", "line 1"},
                         {"x,y\n\"1,2\n", "C806", "line 2"},
                         {"x,y\n\"1\"2,3\n", "C806", "line 2"},
                         {"x,x\n1,2\n", "", ""}}) {
    if (code.empty()) continue;
    const Diagnostic error = refused(text);
    EXPECT_EQ(error.code, code) << text;
    EXPECT_THAT(error.message, HasSubstr(place)) << text;
  }
  EXPECT_EQ(refused("x,x\n1,2\n", {}, {"x"}).code, "C807");
  EXPECT_EQ(refused("x,y\n1,2\n", {}, {"z"}).code, "C807");
}

TEST(Csv, MessagesHoldNoControlBytesAndStayShort) {
  const Diagnostic error = refused("x\n\x1b[31m" + std::string(1000, 'z') + "\n");
  EXPECT_EQ(error.message.find('\x1b'), std::string::npos);
  EXPECT_LT(error.message.size(), 120u);
}

TEST(Csv, RowsWithoutAValueCanBeLeftOut) {
  const Table t = read("x,y\n1,2\n,3\n4,NA\n5,6\n", {.missing = Missing::drop});
  EXPECT_THAT(t.columns[0], ElementsAre(1, 5));
  EXPECT_EQ(t.rows, 2u);
  EXPECT_EQ(t.dropped, 2u);
  EXPECT_EQ(refused("x,y\n,2\n", {.missing = Missing::drop}).code, "C804");
}

TEST(Csv, WithoutAHeaderColumnsAreNumbered) {
  const Table t = read("1,2\n3,4\n", {.header = false});
  EXPECT_THAT(t.names, ElementsAre("c1", "c2"));
  EXPECT_THAT(t.columns[1], ElementsAre(2, 4));
}

TEST(Csv, NamesBecomeIdentifiers) {
  const auto columns = read_csv_columns("sepal length (cm),2nd,,\xC3\xBC,ok\n");
  ASSERT_TRUE(columns);
  std::vector<std::string> names;
  for (const CsvColumn& c : *columns) names.push_back(c.name);
  EXPECT_THAT(names, ElementsAre("sepal_length_cm", "c2nd", "c3", "c4", "ok"));
  EXPECT_EQ(columns->front().header, "sepal length (cm)");
}

TEST(Csv, AHeaderOfTenMillionColumnsIsRefused) {
  std::string text(10'000'000, ',');
  text += "\n1\n";
  EXPECT_EQ(refused(text).code, "L103");
}

TEST(Csv, AHeaderOfTenMillionBytesIsOneNameLikeAnother) {
  const Table t = read(std::string(10'000'000, 'q') + ",y\n1,2\n", {}, {"y"});
  EXPECT_THAT(t.columns[0], ElementsAre(2));
}

}  // namespace
}  // namespace nabla
