#include "lib/eval/tape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <new>
#include <unordered_map>

#include "lib/eval/lower.hpp"
#include "lib/eval/precise.hpp"
#include "lib/eval/recorder.hpp"
#include "lib/eval/survey.hpp"

namespace nabla {

namespace {

// The message about symbols that are no inputs, with the one exception: n, where there is data to
// count.
std::optional<Diagnostic> check_names(const Graph& g, std::span<const NodeId> roots,
                                      std::span<const Expr> inputs,
                                      std::vector<Diagnostic>& notes) {
  std::vector<std::string_view> known;
  for (const Expr& input : inputs) {
    if (node(input).op == Op::symbol) known.push_back(input.graph->name_of(node(input)));
  }
  std::ranges::sort(known);
  const bool has_data =
      std::ranges::any_of(roots, [&](NodeId id) { return (g[id].flags & has_data_sum) != 0; });
  std::string missing;
  std::size_t count = 0;
  for (const std::string& name : g.symbols(roots)) {
    if (std::ranges::binary_search(known, name)) continue;
    if (has_data && name == "n") {
      notes.push_back({.code = "S701",
                       .severity = Severity::note,
                       .message = "n is taken as the number of rows of the data",
                       .span = {}});
      continue;
    }
    if (++count <= 5) missing += fmt::format("{}'{}'", count > 1 ? ", " : "", name);
  }
  if (count == 0) return std::nullopt;
  if (count > 5) missing += fmt::format(" and {} more", count - 5);
  return Diagnostic{.code = "E301",
                    .message = fmt::format("no value for {}", missing),
                    .span = {},
                    .hint = "every name needs a value or has to be an input"};
}

// The inputs as nodes of the graph that is recorded from, which may be another than theirs: one of
// our own, or one in which they are found by name; names that do not occur get ids no node has.
std::vector<RecordedInput> inputs_in(const Graph& g, Graph* own, const Survey& survey,
                                     std::span<const Expr> inputs) {
  std::vector<RecordedInput> result;
  result.reserve(inputs.size());
  bool at_home = true;
  for (const Expr& input : inputs) {
    result.push_back({input.graph->name_of(node(input)), input.id});
    at_home = at_home && input.graph == &g;
  }
  if (at_home) return result;
  if (own) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      result[i].id = own->insert_name(node(inputs[i]).op, result[i].name);
    }
    return result;
  }
  // By kind and name.
  std::unordered_map<std::string_view, NodeId> symbols, columns;
  const auto names = [&](Op kind) -> auto& { return kind == Op::symbol ? symbols : columns; };
  for (std::uint32_t p = 0; p < survey.size(); ++p) {
    const Op op = survey[p].op;
    const NodeId id = survey[p].leaf();
    if (op == Op::symbol || op == Op::column) names(op).emplace(g.name_of(g[id]), id);
  }
  std::uint32_t next = index(survey.first_unknown_id());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto [it, fresh] = names(node(inputs[i]).op).try_emplace(result[i].name, NodeId{next});
    if (fresh) ++next;
    result[i].id = it->second;
  }
  return result;
}

}  // namespace

bool Tape::needs_data() const {
  return counts_rows || std::ranges::any_of(segments, &Segment::loop);
}

Result<Tape> record(std::span<const Expr> inputs, std::span<const Expr> outputs,
                    std::span<const std::string> columns, std::span<const Fn> kept) {
  if (outputs.empty()) {
    Tape nothing;
    for (const Expr& input : inputs)
      nothing.input_names.push_back(input.graph->name_of(node(input)));
    return nothing;
  }
  const Graph& g = *outputs.front().graph;
  std::vector<NodeId> roots;
  for (const Expr& output : outputs) roots.push_back(output.id);
  for (const Expr& input : inputs) {
    if (node(input).op != Op::symbol && node(input).op != Op::column) {
      return Diagnostic{.code = "E303", .message = "an input has to be a name", .span = {}};
    }
  }
  try {
    Survey survey(g, roots);
    const auto finish = [&](const Graph& graph, Graph* own, Survey& nodes,
                            std::span<const NodeId> ends) -> Result<Tape> {
      nodes.find_faces(graph.limits);
      Recorder recorder(graph, nodes, ends);
      if (!kept.empty()) recorder.leave_calls();
      recorder.add_inputs(inputs_in(graph, own, nodes, inputs));
      std::vector<Diagnostic> notes;
      if (recorder.has_unknown_symbols() || nodes.symbols() != survey.symbols()) {
        if (auto error = check_names(g, roots, inputs, notes)) return *error;
        recorder.take_symbols_for_rows();
      }
      for (const std::string& name : columns) recorder.add_column(name);
      if (auto error = recorder.run()) return *error;
      Tape tape = recorder.finish();
      tape.notes = std::move(notes);
      return tape;
    };
    if (!survey.has_lowered()) return finish(g, nullptr, survey, roots);
    const Plain plain = lower(g, roots, survey.order(), kept);
    Survey again(*plain.own, plain.roots);
    return finish(*plain.own, plain.own.get(), again, plain.roots);
  } catch (const LimitError& error) {
    return error.diagnostic();
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

std::optional<std::string> find_fault(const Tape& t) {
  const std::size_t count = t.op.size();
  if (t.detail.size() != count || t.a.size() != count || t.b.size() != count ||
      t.c.size() != count) {
    return "the arrays of the tape differ in length";
  }
  if ((t.segments.empty() ? 0 : t.segments.back().end) != count) {
    return "the segments do not cover the operations";
  }
  const std::uint32_t first = t.first_operation();
  std::vector<std::uint8_t> outlives(count);  // scalars, and totals of a loop
  std::uint32_t begin = 0;
  for (const Segment& segment : t.segments) {
    if (segment.end <= begin) return fmt::format("an empty segment at operation {}", begin);
    bool in_totals = false;
    for (std::uint32_t i = begin; i < segment.end; ++i) {
      const auto say = [&](std::string_view what) {
        return fmt::format("operation {}: {}", i, what);
      };
      if (static_cast<std::size_t>(t.op[i]) >= primitives.size()) return say("unknown");
      const bool total = t.op[i] == Primitive::total;
      if (total != in_totals && in_totals) return say("follows the totals of its loop");
      if (total && !segment.loop) return say("a total outside a loop");
      in_totals = total;
      if (t.op[i] == Primitive::call &&
          (t.detail[i] >= functions.size() ||
           (row(Fn{t.detail[i]}).value.kind != nabla::Value::Kind::machine &&
            precise::function(Fn{t.detail[i]}) == nullptr))) {
        return say("calls no function of the machine");
      }
      if (is_apply(t.op[i]) && t.detail[i] >= t.functions.size()) {
        return say("calls no function of the program");
      }
      const int arity = nabla::arity(t.op[i], t.detail[i]);
      for (int k = 0; k < 3; ++k) {
        const std::uint32_t v = t.operand(i, k);
        if (k >= arity) {
          if (v != 0) return say("an operand too many");
          continue;
        }
        if (v >= first + i) return say("uses a value that comes later");
        if (v == t.row_count() && !t.counts_rows) return say("counts rows unannounced");
        const bool column = v >= t.first_column() && v < t.row_count();
        if (column && !segment.loop) return say("reads a column outside a loop");
        if (v < first) continue;
        const std::uint32_t from = v - first;
        if (from < begin ? !outlives[from] : segment.loop && t.op[from] == Primitive::total) {
          return say("uses a value of a row outside its loop");
        }
      }
      outlives[i] = !segment.loop || total;
    }
    if (segment.loop && !in_totals) return "a loop without a total";
    begin = segment.end;
  }
  for (const std::uint32_t v : t.outputs) {
    if (v >= first + count || (v >= first && !outlives[v - first]) ||
        (v >= t.first_column() && v < t.row_count()) || (v == t.row_count() && !t.counts_rows)) {
      return "an output that is no scalar value";
    }
  }
  return std::nullopt;
}

std::string to_text(const Tape& t) {
  const auto name = [&](std::uint32_t v) -> std::string {
    if (v < t.first_column()) return t.input_names[v];
    if (v < t.row_count()) return t.column_names[v - t.first_column()] + "[row]";
    if (v == t.row_count()) return "rows";
    if (v < t.first_operation()) return fmt::format("{}", t.constants[v - t.first_constant()]);
    return fmt::format("t{}", v - t.first_operation());
  };
  std::string text;
  std::uint32_t begin = 0;
  for (const Segment& segment : t.segments) {
    if (segment.loop) text += "for each row\n";
    for (std::uint32_t i = begin; i < segment.end; ++i) {
      const std::string_view what = t.op[i] == Primitive::call ? row(Fn{t.detail[i]}).name
                                    : is_apply(t.op[i])        ? t.functions[t.detail[i]]->name
                                                               : row(t.op[i]).name;
      text += fmt::format("{}t{} = {}", segment.loop ? "  " : "", i, what);
      for (int k = 0; k < arity(t.op[i], t.detail[i]); ++k)
        text += fmt::format(" {}", name(t.operand(i, k)));
      text += "\n";
    }
    begin = segment.end;
  }
  text += "return";
  for (const std::uint32_t v : t.outputs) text += fmt::format(" {}", name(v));
  return text + "\n";
}

}  // namespace nabla
