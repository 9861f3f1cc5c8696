#include <algorithm>

#include "lib/core/build.hpp"
#include "parser/reader.hpp"
#include "parser/spelling.hpp"

// Names where a value stands: read, and put on the value stack.

namespace nabla {
namespace {

// A name whose letters are no product: \mathrm{wx}_{i}.
std::string held_together(std::string_view name) {
  const std::size_t stem = std::min(name.find('_'), name.size());
  std::string text = "\\mathrm{" + std::string(name.substr(0, stem)) + "}";
  if (stem + 1 < name.size()) text += "_{" + std::string(name.substr(stem + 1)) + "}";
  return text;
}

}  // namespace

void Reader::push_symbol(std::uint32_t name, std::uint32_t t, NodeId node) {
  mention(name);
  push(node, t);
  complete_ = true;
}

void Reader::push_definition(std::uint32_t t, const Definition& d) {
  for (const std::string& p : d.parameters) {
    const std::uint32_t parameter = tokens_.names.intern(p, false);
    grow_names();
    mention(parameter);
  }
  for (const Expr& entry : d.value.entries) {
    if (node(entry).is_number()) continue;
    const std::uint32_t name = tokens_.list[t].data;
    if (name_states_[name].mentioned == statement_) break;
    for (const std::string& s : g_.symbols({&entry.id, 1})) {
      const std::uint32_t inside = tokens_.names.intern(s, false);
      grow_names();
      mention(inside);
    }
  }
  (void)first_mention(tokens_.list[t].data);
  if (d.value.is_scalar()) {
    push(d.value.scalar().id, t);
  } else {
    values_.push_back(array(d.value, t));
  }
  complete_ = true;
}

void Reader::read_name() {
  if (read_plain_name()) return;
  const std::uint32_t t = at_;
  const std::uint32_t name = token().data;
  if (written(t).size() > g_.limits.name_bytes) {
    fail("L107", "a name of more than " + std::to_string(g_.limits.name_bytes) + " letters",
         span(t), "the limit is named 'name_bytes'");
  }
  const bool parenthesis = peek(1).kind == Kind::open;
  if (!pending_.empty() && pending_.back().form == Form::call && calls_.back().verb != nullptr &&
      values_.size() > pending_.back().base) {
    // what a name is bound to does not matter where it is replaced, or differentiated by
    const bool bound = calls_.back().verb->verb == Verb::subs && is_symbol(peek(1), "=");
    const bool by = calls_.back().verb->verb != Verb::subs &&
                    calls_.back().verb->verb != Verb::choose &&
                    (peek(1).kind == Kind::comma || peek(1).kind == Kind::close) &&
                    meaning(name).kind == Meaning::Kind::definition;
    if (bound || by) {
      ++at_;
      return push_symbol(name, t, g_.insert_name(Op::symbol, tokens_.names[name]));
    }
  }
  if (binds_value()) {
    ++at_;
    return push_symbol(name, t, g_.insert_name(Op::symbol, tokens_.names[name]));
  }
  // Names that begin with d may be parts of derivatives, unless they are declared.
  const bool differential = (tokens_.names[name][0] | 0x20) == 'd' && !declared_[name];
  if (differential && read_leibniz()) return;
  if (differential && tokens_.names[name].starts_with("D_") && !parenthesis) {
    // D_u f, the derivative along the vector u
    const Definition* along = scope_.find(tokens_.names[name].substr(2));
    if (along != nullptr && along->value.shape == Quantity::Shape::vector) {
      ++at_;
      const Definition* f = token().kind == Kind::name ? scope_.find(name_of(at_)) : nullptr;
      if (f != nullptr && f->kind == Definition::Kind::function && f->value.is_scalar() &&
          peek(1).kind == Kind::open) {
        const Call call{.kind = Call::Kind::definition,
                        .name = token().data,
                        .token = at_,
                        .definition = f,
                        .verb = find_verb("direction"),
                        .along = along};
        ++at_;
        return read_function(call);
      }
      calls_.push_back({.kind = Call::Kind::verb,
                        .name = name,
                        .token = t,
                        .definition = along,
                        .verb = find_verb("direction")});
      push_prefix(Form::application, Precedence::root, t,
                  static_cast<std::uint32_t>(calls_.size() - 1));
      return;
    }
  }

  const auto local = std::ranges::find(locals_.rbegin(), locals_.rend(), name, &Local::name);
  if (local != locals_.rend() && local->kind == Local::Kind::index &&
      !(pending_.back().form == Form::call && values_.size() == pending_.back().base)) {
    fail("N108", "the index of a sum over data has no value of its own", span(t),
         "it chooses the row, as in x_i or x[i]");
  }
  const Meaning m = meaning(name);
  if (is_member(t)) {
    const bool known = m.kind == Meaning::Kind::function || m.kind == Meaning::Kind::verb ||
                       m.kind == Meaning::Kind::constant ||
                       tokens_.names[name].find('.') != std::string_view::npos;
    if (!known && parenthesis) unknown_function(t);
    if (!known) unknown_name(t);
    if (!parenthesis && tokens_.names[name].starts_with("np.")) {
      fail("N103", "'" + std::string(written(t)) + "' needs its arguments in parentheses", span(t));
    }
  }
  switch (m.kind) {
    case Meaning::Kind::function: {
      Call call{.name = name, .token = t};
      ++at_;
      return read_function(call);
    }
    case Meaning::Kind::verb:
      if (parenthesis) {
        Call call{.kind = Call::Kind::verb,
                  .name = name,
                  .token = t,
                  .locals = static_cast<std::uint32_t>(locals_.size()),
                  .verb = m.verb};
        ++at_;
        return open_verb(call);
      }
      if (name == static_cast<std::uint32_t>(Word::if_))
        fail("P008", "a choice is written if(c, a, b)", span(t), "or c ? a : b");
      if (m.verb->verb == Verb::limit && peek(1).kind == Kind::name && peek(2).kind == Kind::arrow)
        return read_limit();
      if (tokens_.names[name].size() > 1 && peek(1).kind == Kind::name && peek(1).spaced)
        verb_without_parentheses(t, *m.verb);
      break;
    case Meaning::Kind::definition: {
      ++at_;
      if (token().kind == Kind::open_square && !token().spaced) return indexed_name(t);
      const bool function = m.definition->kind == Definition::Kind::function;
      Call call{
          .kind = Call::Kind::definition, .name = name, .token = t, .definition = m.definition};
      if (function && (token().kind == Kind::open || token().kind == Kind::prime ||
                       is_symbol(token(), "^") || token().kind == Kind::superscript)) {
        const std::uint32_t before = at_;
        if (token().kind != Kind::open) read_suffixes(call);
        if (token().kind == Kind::open) return read_function(call);
        at_ = before;
      }
      if (!function && token().kind == Kind::open) {
        const std::string text(written(t));
        note_no_call(t, "'" + text + "' is no function, so this is a product",
                     "write " + text + "*(...), or subs to replace a name in it");
      }
      return push_definition(t, *m.definition);
    }
    case Meaning::Kind::letters:
      if (text_[token().begin] != '\\') return push_letters(t);
      break;
    case Meaning::Kind::no_entry:
      fail("N109",
           "'" + std::string(tokens_.names[name].substr(0, tokens_.names[name].rfind('_'))) +
               "' has entries 1 to " + std::to_string(m.definition->value.entries.size()),
           span(t));
    default: break;
  }
  if (m.kind == Meaning::Kind::fresh && read_subscript_derivative()) return;

  ++at_;
  if (token().kind == Kind::open_square && !token().spaced && m.kind != Meaning::Kind::constant)
    return indexed_name(t);
  const bool plain = locals_.empty() && !differential;  // indices of sums are no values
  if (m.kind == Meaning::Kind::constant) {
    if (plain) name_states_[name].plain = generation_;
    push(m.node, t);
    complete_ = true;
    return;
  }
  if (parenthesis) {
    if (m.kind != Meaning::Kind::column && !is_known_letter(name)) unknown_function(t);
    const std::string text(written(t));
    note_no_call(t, "'" + text + "' is a name, so this is a product and no call",
                 "write " + text + "*(...)");
  }
  const bool letters = m.kind == Meaning::Kind::letters;  // \mathrm{xy} is one name
  if ((m.kind == Meaning::Kind::fresh || letters) && written(t)[0] == '\\') {
    // \hat{y} and \theta_1 are names, \int_0 is none
    const std::size_t mark = written(t).find_first_of("{_ ");
    const bool styled = mark != std::string_view::npos && written(t)[mark] != '_';
    const std::string_view whole = tokens_.names[name];
    if (!styled && !is_greek_name(whole.substr(0, whole.find('_')))) unknown_name(t);
  }
  const std::string_view text = tokens_.names[name];
  if (m.kind == Meaning::Kind::fresh || m.kind == Meaning::Kind::verb) note_fresh(t);
  if (declared_[name]) note_shadowing(name, span(t));
  if (plain && m.kind != Meaning::Kind::verb && !letters) name_states_[name].plain = generation_;
  if (m.kind == Meaning::Kind::column) {
    push(m.node, t);
    complete_ = true;
    return;
  }
  if (letters && in_data_sum()) {
    const std::size_t bar = text.rfind('_');
    if (bar != text.npos && is_index(text.substr(bar + 1))) {
      push(g_.insert_name(Op::column, text.substr(0, bar)), t);
      complete_ = true;
      return;
    }
  }
  const NodeId node =
      m.kind == Meaning::Kind::verb || letters ? g_.insert_name(Op::symbol, text) : m.node;
  push_symbol(name, t, node);
}

// A value before a parenthesis: a product, where a reader could think of a call.
void Reader::note_no_call(std::uint32_t t, std::string message, std::string hint) {
  constexpr std::size_t longest_written = 400;
  const std::string name(written(t));
  const std::uint32_t end = closing_bracket(at_);
  Diagnostic d{.code = "S715",
               .severity = Severity::note,
               .message = std::move(message),
               .span = end == 0 ? span(t) : span(t, end),
               .hint = std::move(hint),
               .fix = Fix{{token().begin, token().begin}, "*"}};
  if (end != 0 && d.span.end - d.span.begin <= longest_written)
    d.reading = name + "*" + std::string(text_.substr(token().begin, d.span.end - token().begin));
  d.alternative = "call of " + name;
  add_note(std::move(d));
  noted_product_ = true;
}

// xy with x and y known: a product, each factor where its letter stands.
void Reader::push_letters(std::uint32_t t) {
  const std::vector<std::uint32_t> parts = *split_letters(tokens_.names[tokens_.list[t].data]);
  std::string product;
  for (const std::uint32_t part : parts)
    product += (product.empty() ? "" : "*") + std::string(tokens_.names[part]);
  note("S712", "'" + std::string(written(t)) + "' is read as " + product, span(t),
       "each letter is known, the whole is not", product,
       held_together(tokens_.names[tokens_.list[t].data]));
  const Operator& times = operators[OperatorRow("*").row];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) push_infix(times, t, precedence_without_sign(), true);
    const Meaning m = meaning(parts[i]);
    if (m.kind == Meaning::Kind::definition) {
      push_definition(t, *m.definition);
    } else if (m.kind == Meaning::Kind::symbol || m.kind == Meaning::Kind::fresh) {
      push_symbol(parts[i], t, m.node);
    } else if (m.kind == Meaning::Kind::function || m.kind == Meaning::Kind::verb ||
               m.kind == Meaning::Kind::letters) {
      push_symbol(parts[i], t, g_.insert_name(Op::symbol, tokens_.names[parts[i]]));
    } else {
      push(m.node, t);
    }
  }
  ++at_;
  complete_ = true;
}

// x[1] is x_1; in a sum over i, x[i] is the column x.
void Reader::indexed_name(std::uint32_t t) {
  const std::uint32_t inside = at_ + 1;
  const Token& index = tokens_.list[inside];
  if ((index.kind != Kind::integer && index.kind != Kind::name) ||
      tokens_.list[inside + 1].kind != Kind::close_square) {
    const bool unclosed = index.kind == Kind::integer || index.kind == Kind::name;
    fail("N109", "an index is a number or a name", span(unclosed ? inside + 1 : inside),
         unclosed ? "add ']'" : "write x[1] or x_1", {{span(at_), "opened here"}});
  }
  at_ = inside + 2;
  const std::string base(name_of(t));
  const Definition* d = scope_.find(base);
  if (index.kind == Kind::name && in_data_sum() && is_index(tokens_.names[index.data])) {
    push(g_.insert_name(Op::column, base), t);
  } else if (d != nullptr && !declared_[tokens_.list[t].data] &&
             d->value.shape == Quantity::Shape::vector && index.kind == Kind::integer) {
    const std::string_view digits = written(inside);
    const std::size_t i =
        digits.size() < 10 ? static_cast<std::size_t>(std::stoul(std::string(digits))) : 0;
    if (i < 1 || i > d->value.entries.size()) {
      fail("N109", "'" + base + "' has entries 1 to " + std::to_string(d->value.entries.size()),
           span(inside));
    }
    push(d->value.entries[i - 1].id, t);
  } else {
    const std::string whole =
        base + '_' +
        std::string(index.kind == Kind::name ? tokens_.names[index.data] : written(inside));
    const std::uint32_t name = tokens_.names.intern(whole, false);
    grow_names();
    push_symbol(name, t, g_.insert_name(Op::symbol, whole));
  }
  complete_ = true;
}

}  // namespace nabla
