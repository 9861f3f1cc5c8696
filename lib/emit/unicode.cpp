#include "lib/emit/unicode.hpp"

#include "lib/core/graph.hpp"
#include "lib/emit/boxes.hpp"

namespace nabla {

namespace {

std::string draw_labelled(BoxSink& sink, std::string_view label, BoxId box) {
  if (label.empty()) return sink.draw(box);
  const BoxId before = sink.add_text(std::string(label));
  return sink.draw(sink.add_row({before, box}));
}

BoxId box_of(BoxSink& sink, Expr e) {
  sink.begin();
  typeset(e, sink);
  return sink.finish();
}

}  // namespace

std::string unicode(Expr e, std::string_view label) {
  BoxSink sink(e.graph->limits);
  return draw_labelled(sink, label, box_of(sink, e));
}

std::string unicode_matrix(std::span<const Expr> entries, std::size_t columns,
                           std::string_view label) {
  BoxSink sink(entries.front().graph->limits);
  std::vector<BoxId> boxes;
  for (const Expr e : entries) boxes.push_back(box_of(sink, e));
  return draw_labelled(sink, label, sink.add_matrix(std::move(boxes), columns));
}

}  // namespace nabla
