#pragma once

// Session: what a prompt or a script remembers between lines: definitions, values, the last answer,
// how results are shown. It survives every error.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/core/graph.hpp"
#include "parser/parse.hpp"

namespace nabla {

class Session {
 public:
  // `echo`: definitions are shown as they were read.
  Session(const Console&, bool echo);

  struct Reply {
    std::string text;  // for stdout, with line ends
    std::vector<Diagnostic> notes;
    std::optional<Diagnostic> error = {};
    bool over = false;                // the user wants to leave
    Quantity result = {};             // of the last expression
    std::vector<double> values = {};  // its values, when every name in it has one
  };

  // A line: statements separated by ';', or a command such as ":vars".
  Reply enter(std::string_view line);

  const Limits& limits() const { return graph_->limits; }

  // Whether the text is the same function as the result, judged at points; names with a value keep
  // it.
  bool agrees(const Quantity& result, std::string_view text);

  // Words that begin so: functions, names of the session, commands. Sorted, each once.
  std::vector<std::string> completions(std::string_view beginning) const;

 private:
  void obey(std::string_view line, Reply&);
  void read(std::string_view text, bool expanded, Reply&);
  void answer(const Statement&, bool expanded, Reply&);
  void command(std::string_view line, Reply&);
  void show_kinks(std::string_view line, std::size_t begin, Reply&);
  std::string definition_text(const std::string& name, const Definition&) const;
  std::string definitions_before() const;
  Console console() const;
  void show_names(Reply&) const;
  void clear();

  Limits limits_;
  Format format_;
  int digits_, level_ = 1;  // level: of simplification
  bool strict_, echo_;
  mutable Output nowhere_{-1};
  std::unique_ptr<Graph> graph_;
  Scope scope_;
};

// Whether brackets are still open at the end of the text.
bool is_unfinished(std::string_view text);

}  // namespace nabla
