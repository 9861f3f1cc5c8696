#include "lib/eval/machine.hpp"

namespace nabla {

Machine::Machine(const Code& code, const CompileOptions& options, bool rows) : steps_(code.size()) {
  // Machine code knows how to call the functions of the table only.
  if (options.engine == Engine::native && code.functions.empty()) {
    native_ = NativeCode::make(code, rows ? options.widest : Width::one, rows);
  }
  if (!native_) interpreter_ = std::make_unique<Interpreter>(code);
}

}  // namespace nabla
