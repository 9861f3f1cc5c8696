#include "bench/workloads/cases.hpp"

#include <cmath>
#include <type_traits>

#include "bench/workloads/harmonics.hpp"
#include "bench/workloads/kinetics.hpp"
#include "bench/workloads/learning.hpp"
#include "bench/workloads/matrices.hpp"
#include "bench/workloads/nests.hpp"
#include "bench/workloads/robots.hpp"
#include "bench/workloads/sums.hpp"
#include "lib/calculus/derivative.hpp"
#include "lib/calculus/gradient.hpp"
#include "lib/calculus/joint.hpp"

namespace nabla::workloads {

namespace {

template <typename... Arguments>
auto built(Problem<NablaAlgebra> (*make)(NablaAlgebra, Arguments...),
           std::type_identity_t<Arguments>... arguments) {
  return [=](Graph& g) { return make(NablaAlgebra{g}, arguments...); };
}

std::vector<Case> list() {
  using A = NablaAlgebra;
  return {
      {.name = "W1 matrix product 10, J",
       .build = built(matrix_product<A>, 10),
       .sums = {7881.026080375, 32251.039575, 32251.039575},
       .most_operations = 15'450},
      {.name = "W2 spherical harmonics 20, J",
       .build = built(spherical_harmonics<A>, 20),
       .sums = {0.0922609629203299, 6.6505882616285, 745.562284805651},
       .most_operations = 1'704},
      {.name = "W2 spherical harmonics 40, J",
       .build = built(spherical_harmonics<A>, 40),
       .sums = {-0.465991564107471, 1.30447483445156, 2746.72918392248},
       .most_operations = 7'400},
      {.name = "W3 Rosenbrock 1000, gradient",
       .build = built(rosenbrock<A>, 1000),
       .sums = {4014.615064875, -12703.3902, 16523.7862},
       .most_operations = 9'000},
      {.name = "W3 Rosenbrock 1000, Hessian",
       .build = built(rosenbrock<A>, 1000),
       .wanted = Wanted::hessian,
       .sums = {4014.615064875, -7867.78, 1167060.22},
       .most_operations = 6'000,
       .mirrored = true},
      {.name = "W4 network 16x8, f and gradient",
       .build = built(perceptron<A>, 16, 8),
       .with_value = true,
       .sums = {0.377016948561725, -2.0925150996686, 35.9196012330384},
       .most_operations = 10'400},
      {.name = "W4 network 32x10, f and gradient",
       .build = built(perceptron<A>, 32, 10),
       .with_value = true,
       .sums = {0.668752232882751, -2.52887961017892, 158.01272743356}},
      {.name = "W5 mixture 2,5,100, f and gradient",
       .build = built(gaussian_mixture<A>, 2, 5, 100),
       .with_value = true,
       .sums = {68.7499705515096, 49.4616622344513, 174.403675332814},
       .most_operations = 14'800},
      {.name = "W5 mixture 10,5,50, f and gradient",
       .build = built(gaussian_mixture<A>, 10, 5, 50),
       .with_value = true,
       .sums = {-136.87466748118, -2063.72085337149, 2902.06546662407}},
      {.name = "W6 product 1000, gradient",
       .build = built(speelpenning<A>, 1000),
       .sums = {0.423080649813935, 423.784107210684, 423.784107210684},
       .most_operations = 2'994},
      {.name = "W7a four sines, derivative 10",
       .build = [](Graph& g) { return four_sines(A{g}); },
       .wanted = Wanted::repeated,
       .order = 10,
       .sums = {{}, 434067.27884395143, 434067.27884395143},
       .most_operations = 914},
      {.name = "W7a four sines, derivative 20",
       .build = [](Graph& g) { return four_sines(A{g}); },
       .wanted = Wanted::repeated,
       .order = 20,
       .sums = {{}, 26592746885881281., 26592746885881281.}},
      {.name = "W7b exp sin exp sin, derivative 10",
       .build = [](Graph& g) { return exponential_sines(A{g}); },
       .wanted = Wanted::repeated,
       .order = 10,
       .sums = {{}, -1958066.5507988536, 1958066.5507988536}},
      {.name = "W7b exp sin exp sin, derivative 15",
       .build = [](Graph& g) { return exponential_sines(A{g}); },
       .wanted = Wanted::repeated,
       .order = 15,
       .sums = {{}, -3176177707746.6149, 3176177707746.6149}},
      {.name = "W8 chain sum 1000, gradient",
       .build = built(chain_sum<A>, 1000),
       .sums = {957.299197840228, 2865.25784683721, 2865.25784683721},
       .most_operations = 6'992},
      {.name = "W9 iiwa pose, f and J",
       .build = [](Graph& g) { return arm(A{g}, iiwa_arm, Pose::full); },
       .with_value = true,
       .sums = {2.24091837140999, -5.03052750120536, 26.178489874674},
       .most_operations = 376},
      {.name = "W9 UR5 pose, f and J",
       .build = [](Graph& g) { return arm(A{g}, ur5_arm, Pose::full); },
       .with_value = true,
       .sums = {-3.63124173242329, -4.37501014027216, 23.8072520930907},
       .most_operations = 178},
      {.name = "W9 UR5 position, f and J",
       .build = [](Graph& g) { return arm(A{g}, ur5_arm, Pose::position); },
       .with_value = true,
       .most_operations = 126},
      {.name = "W10 determinant 5, gradient",
       .build = built(determinant<A>, 5, true),
       .sums = {104.730727656147, 263.732262768539, {}},
       .most_operations = 365},
      {.name = "W10 determinant 8, gradient",
       .build = built(determinant<A>, 8, true),
       .sums = {377.711477718808, 1412.89923075831, {}},
       .most_operations = 5'577},
      {.name = "W10 determinant 11, gradient",
       .build = built(determinant<A>, 11, true),
       .sums = {1816.01566337547, 9057.79269022769, {}},
       .most_operations = 63'972},
      {.name = "W10 determinant 8 from every minor, gradient",
       .build = built(determinant<A>, 8, false),
       .sums = {377.711477718808, 1412.89923075831, {}},
       .most_operations = 5'577},
      {.name = "W11 power 50 expanded, d/dx",
       .build = built(expanded_power<A>, 50),
       .wanted = Wanted::repeated},
      {.name = "W11 power tower, common, d/dv0",
       .build = built(power_tower<A>, true),
       .wanted = Wanted::repeated},
      {.name = "W12 pollution, J",
       .build = [](Graph& g) { return pollution(A{g}); },
       .sums = {57490499.6119696, 99963733.773869, 888309995648.981},
       .most_operations = 46},
  };
}

}  // namespace

const std::vector<Case>& cases() {
  static const std::vector<Case> all = list();
  return all;
}

std::vector<Expr> Outcome::counted(const Case& c) const {
  std::vector<Expr> all;
  if (c.with_value) all = values;
  all.insert(all.end(), derivatives.begin(), derivatives.end());
  return all;
}

Outcome differentiate(Graph& g, const Case& c, Form form) {
  Outcome o{.problem = c.build(g), .values = {}, .derivatives = {}, .doubled = {}};
  const auto& p = o.problem;
  o.values = p.outputs;
  const auto take = [&](std::span<const Entry> entries) {
    for (const Entry& e : entries) {
      o.derivatives.push_back(g.expr(e.value));
      o.doubled.push_back(c.mirrored && e.row != e.column);
    }
  };
  if (c.wanted == Wanted::repeated) {
    o.derivatives = {*derivative(p.outputs[0], p.variables[0], c.order)};
    if (form == Form::shared) o.derivatives = *share(o.derivatives);
  } else if (form == Form::shared) {
    const bool second = c.wanted == Wanted::hessian;
    const Joint j = *joint(p.outputs, p.variables,
                           {.values = c.with_value, .first = !second, .second = second});
    if (c.with_value) o.values = j.values;
    take(second ? j.second : j.first);
  } else if (c.wanted == Wanted::jacobian) {
    take(*jacobian_entries(p.outputs, p.variables));
  } else {
    take(*hessian_entries(p.outputs[0], p.variables));
  }
  o.doubled.resize(o.derivatives.size());
  return o;
}

Sums sums(const Outcome& o, std::span<const double> values, std::span<const double> derivatives) {
  Sums s;
  for (const double v : values) s.values += v;
  for (std::size_t i = 0; i < derivatives.size(); ++i) {
    const double weight = o.doubled[i] ? 2 : 1;
    s.derivatives += weight * derivatives[i];
    s.magnitudes += weight * std::fabs(derivatives[i]);
  }
  return s;
}

}  // namespace nabla::workloads
