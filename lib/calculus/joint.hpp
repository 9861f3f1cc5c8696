#pragma once

// Joint: values, Jacobian and Hessian of some functions made together, with as few operations for
// all of them as the engine knows to reach. For evaluation; see share.hpp.

#include <span>
#include <vector>

#include "lib/calculus/gradient.hpp"
#include "lib/calculus/operations.hpp"
#include "lib/calculus/share.hpp"

namespace nabla {

struct JointOptions {
  bool values = true, first = true, second = false;
  Mode mode = Mode::automatic;  // of the first derivatives; automatic: the cheaper after sharing
  bool balance = true;          // long products as trees (balance.hpp)
  ShareOptions share = {};
};

struct Joint {
  std::vector<Expr> values;   // empty unless asked for, like the two below
  std::vector<Entry> first;   // as jacobian_entries says
  std::vector<Entry> second;  // as hessian_entries says, of the first output
  Operations operations;      // of everything together
};

// Derivatives of `outputs` by `variables`. With Mode::automatic the other sweep is tried as well,
// as long as it builds no more than four times the nodes; second derivatives are taken from the
// gradient or by edge pushing, whichever is cheaper. Errors: D201 to D203, L1xx as for
// gradient and jacobian.
Result<Joint> joint(std::span<const Expr> outputs, std::span<const Expr> variables,
                    const JointOptions& = {});

}  // namespace nabla
