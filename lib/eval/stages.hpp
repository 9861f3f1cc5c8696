#pragma once

// From a tape to code: a tape becomes one piece of code, or several that run one after another and
// hand values on in a frame of doubles. Functions become kernels or calls here, and products are
// fused into sums where that is allowed.

#include <cstdint>
#include <vector>

#include "lib/eval/code.hpp"
#include "lib/eval/options.hpp"
#include "lib/eval/tape.hpp"

namespace nabla {

// Code with a frame: its uniforms are the slots of the frame, in order.
struct Stage {
  bool loop = false;  // runs for every row; its columns are those of the data or of the batch
  Code code;
  // Where the outputs of the code go: slots of the frame, where a loop leaves the totals of what
  // its rows give. Empty for the rows of a batch: its outputs are those of the function.
  std::vector<std::uint32_t> slots;
};

struct Stages {
  std::vector<Stage> stages;
  std::uint32_t inputs = 0;            // the first slots of the frame
  std::uint32_t frame = 0;             // slots; the one after the inputs holds the number of rows
  std::vector<std::uint32_t> outputs;  // slots, or none where one stage gives them directly
  std::vector<double> constants;       // outputs may be constants: slots from `frame` on
};

// One point. A tape without loops that does not ask for the number of rows is one stage whose
// outputs are those of the function; its frame is the inputs. O(operations).
Stages point_stages(const Tape&, const CompileOptions&);

// The rows of a batch, for a tape without loops: what depends on parameters only is computed once,
// in a first stage; the last stage gives the outputs. The frame begins with the parameters.
Stages batch_stages(const Tape&, const CompileOptions&);

}  // namespace nabla
