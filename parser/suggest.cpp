#include "parser/suggest.hpp"

#include <algorithm>
#include <array>

#include "lib/core/constants.hpp"
#include "lib/core/functions.hpp"

namespace nabla {

std::size_t edit_distance(std::string_view from, std::string_view to, std::size_t limit) {
  const std::size_t longer = std::max(from.size(), to.size());
  if (longer - std::min(from.size(), to.size()) > limit) return limit + 1;
  std::vector<std::size_t> before(to.size() + 1), row(to.size() + 1), next(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    next[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = row[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      next[j] = std::min({changed, row[j] + 1, next[j - 1] + 1});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        next[j] = std::min(next[j], before[j - 2] + 1);
      }
      least = std::min(least, next[j]);
    }
    if (least > limit) return limit + 1;
    before.swap(row);
    row.swap(next);
  }
  return std::min(row[to.size()], limit + 1);
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  const auto lower = [](std::string_view s) {
    std::string result(s);
    for (char& c : result) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
  };
  std::string_view best;
  std::size_t fewest = word.size() <= 1 ? 0 : word.size() <= 3 ? 1 : word.size() <= 6 ? 2 : 3;
  const std::string small = lower(word);
  for (const std::string_view candidate : candidates) {
    if (candidate == word) continue;
    if (lower(candidate) == small) return candidate;
    const std::size_t edits = edit_distance(word, candidate, fewest);
    if (edits < candidate.size() && (edits < fewest || (edits == fewest && best.empty()))) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

std::vector<std::string_view> table_names() {
  std::vector<std::string_view> names;
  const auto keep = [&](std::string_view s) {
    if (!s.empty() && static_cast<signed char>(s[0]) > 0) names.push_back(s);
  };
  for (const FunctionRow& f : functions) for_each_spelling(f.name, f.aliases, keep);
  for (const auto& c : constants) for_each_spelling(c.name, {}, keep);
  return names;
}

namespace {

struct Pair {
  std::string_view word, meaning;
};

struct Synonym {
  std::string_view word;
  Fn function;
};

// Of functions.
constexpr std::array synonyms{Synonym{"tg", "tan"_fn},
                              Synonym{"ctg", "cot"_fn},
                              Synonym{"cotg", "cot"_fn},
                              Synonym{"arctg", "atan"_fn},
                              Synonym{"arcctg", "acot"_fn},
                              Synonym{"arcsine", "asin"_fn},
                              Synonym{"arccosine", "acos"_fn},
                              Synonym{"arctangent", "atan"_fn},
                              Synonym{"sine", "sin"_fn},
                              Synonym{"cosine", "cos"_fn},
                              Synonym{"tangent", "tan"_fn},
                              Synonym{"cosin", "cos"_fn},
                              Synonym{"sh", "sinh"_fn},
                              Synonym{"ch", "cosh"_fn},
                              Synonym{"th", "tanh"_fn},
                              Synonym{"cth", "coth"_fn},
                              Synonym{"root", "sqrt"_fn},
                              Synonym{"squareroot", "sqrt"_fn},
                              Synonym{"sqr", "sqrt"_fn},
                              Synonym{"cuberoot", "cbrt"_fn},
                              Synonym{"power", "pow"_fn},
                              Synonym{"absolute", "abs"_fn},
                              Synonym{"magnitude", "abs"_fn},
                              Synonym{"exponential", "exp"_fn},
                              Synonym{"logn", "log"_fn},
                              Synonym{"sigma", "sigmoid"_fn},
                              Synonym{"log_sum_exp", "logsumexp"_fn},
                              Synonym{"greatest", "max"_fn},
                              Synonym{"least", "min"_fn},
                              Synonym{"remainder", "mod"_fn},
                              Synonym{"fabsf", "abs"_fn},
                              Synonym{"signe", "sign"_fn}};

// Of words that act on expressions.
constexpr std::array verb_synonyms{Pair{"differentiate", "diff"}, Pair{"Derivative", "diff"},
                                   Pair{"nabla", "grad"},         Pair{"Sum", "sum"},
                                   Pair{"Product", "prod"},       Pair{"total", "sum"},
                                   Pair{"average", "mean"},       Pair{"length", "norm"},
                                   Pair{"Piecewise", "if"},       Pair{"cases", "if"}};

constexpr std::array advice{
    Pair{"import", "nothing has to be imported: np.sin and math.sin are understood as they are"},
    Pair{"from", "nothing has to be imported: np.sin and math.sin are understood as they are"},
    Pair{"let", "leave it out: a definition is f(x) = x^2"},
    Pair{"define", "leave it out: a definition is f(x) = x^2"},
    Pair{"print", "an expression by itself shows its value"},
    Pair{"solve", "equations are not solved here"},
    Pair{"integrate", "integrals are not computed here"},
    Pair{"differentiate", "write diff(f, x) or d/dx f"},
    Pair{"derivative", "write diff(f, x) or d/dx f"},
    Pair{"plot", "nothing is drawn here"},
    Pair{"factor", "expressions are not factored here"},
    Pair{"expand", "expressions are not expanded here"},
    Pair{"return", "it ends the body of def f(x): ..."}};

std::string_view look_up(std::span<const Pair> pairs, std::string_view word) {
  const auto found = std::ranges::find(pairs, word, &Pair::word);
  return found == pairs.end() ? std::string_view() : found->meaning;
}

}  // namespace

std::string_view synonym_of(std::string_view word) {
  const auto found = std::ranges::find(synonyms, word, &Synonym::word);
  return found == synonyms.end() ? look_up(verb_synonyms, word) : row(found->function).name;
}
std::string_view advice_for_word(std::string_view word) { return look_up(advice, word); }

}  // namespace nabla
