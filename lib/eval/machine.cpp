#include "lib/eval/machine.hpp"

namespace nabla {

Machine::Machine(const Code& code, const CompileOptions& options, bool rows) : steps_(code.size()) {
  if (options.engine == Engine::native) {
    native_ = NativeCode::make(code, rows ? options.widest : Width::one, rows);
  }
  if (!native_) interpreter_ = std::make_unique<Interpreter>(code);
}

}  // namespace nabla
