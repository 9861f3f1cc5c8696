#pragma once

// libedit behind five calls: editing with history, Ctrl-R and completion.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

class LineEditor {
 public:
  using Complete = std::function<std::vector<std::string>(std::string_view beginning)>;

  // Reading stops when `interrupted` says so; it is asked when `wakes` becomes readable.
  LineEditor(Complete, bool (*interrupted)(), int wakes);
  ~LineEditor();

  enum class Got { line, interrupted, end };
  Got read(const std::string& prompt, std::string& line);

  void remember(const std::string& line);

  // The history file; false when it cannot be read or written. It is replaced as a whole and only
  // its owner may read it.
  bool load(const std::string& path);
  bool save(const std::string& path);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace nabla
