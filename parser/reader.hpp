#pragma once

// Reader: tokens to expressions, by operator precedence on two explicit stacks (values, and
// operators and brackets waiting for their right side), so nesting costs no call stack and the time
// is linear. The binding of operators comes from the operator table; what names mean, from scope
// and tables.

#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/diagnostic.hpp"
#include "lib/core/functions.hpp"
#include "lib/core/graph.hpp"
#include "lib/core/operators.hpp"
#include "lib/core/substitute.hpp"
#include "parser/parse.hpp"
#include "parser/push.hpp"
#include "parser/refusal.hpp"
#include "parser/scope.hpp"
#include "parser/spelling.hpp"
#include "parser/symbols.hpp"
#include "parser/token.hpp"
#include "parser/verbs.hpp"

namespace nabla {

class Reader {
 public:
  using Kind = TokenKind;
  Reader(Graph&, Scope&, std::string_view text, const ReadOptions&);

  // Skips separators; true when nothing is left.
  bool at_end();

  // Reads one statement and puts what it defines into the scope. Throws Refusal and LimitError.
  Statement statement();

  // Lets the scope know the names of the last statement; the one after does so by itself.
  void remember_names();

 private:
  // --- what stands on the stacks
  struct Item {
    NodeId id{};
    std::uint32_t array = 0;  // 0: a number; else 1 + position in arrays_
    std::uint32_t token = 0;  // its first token
  };
  enum class Form : std::uint8_t {
    // operators waiting for their right operand
    infix,
    minus,
    plus,
    negation,
    application,
    root,
    derivative,
    data_sum,
    finite,
    limit,
    condition,
    otherwise,
    // brackets waiting for their other half
    group,
    bars,
    vector,
    index,
    brace,
    pieces,
    call,
    numerator,
    denominator,
    degree,
    radicand,
    floor,
    ceiling,
    length,
    cases,
    differential,
    evaluation,  // \left. ... \right|
    values,      // |_{x=3}
  };
  struct Pending {
    Form form;
    Precedence precedence;
    std::uint8_t detail = 0;    // row of the operator table
    bool behind = false;        // a if c else b
    bool without_sign = false;  // a product by juxtaposition
    std::uint32_t token = 0;
    std::uint32_t base = 0;   // height of the value stack when it was opened
    std::uint32_t extra = 0;  // position in calls_ or prefixes_, 1 + position in products_

    bool is_bracket() const { return form >= Form::group; }
    bool is_prefix() const { return form >= Form::minus && form <= Form::limit; }
    bool is_open_ended() const { return form == Form::application || form == Form::derivative; }
  };
  // A function name and what was written between it and its argument: sin^2, f''.
  struct Call {
    enum class Kind : std::uint8_t { function, definition, verb } kind = Kind::function;
    bool inverse = false;    // sin^-1
    bool sums = false;       // its arguments stand in a sum over data
    std::uint32_t name = 0;  // of a function or definition
    std::uint32_t token = 0;
    std::uint32_t primes = 0;
    std::uint32_t locals = 0;  // height of locals_ outside
    std::uint32_t last = 0;    // last token before the argument
    std::optional<NodeId> exponent = {};
    const Definition* definition = nullptr;
    const VerbRow* verb = nullptr;
    const Definition* along = nullptr;  // D_u f(3, 4)
  };
  // d/dx, a sum sign or a limit, waiting for what it acts on.
  struct Prefix {
    std::vector<std::pair<std::uint32_t, unsigned>> by;  // names and orders of differentiation
    std::uint32_t name = 0;                              // index of a sum, variable of a limit
    std::uint32_t locals = 0;
    NodeId from{}, to{};
    bool product = false;
    std::uint32_t behind = 0;  // first token after /dx
  };
  struct Meaning {
    enum class Kind : std::uint8_t {
      unresolved,
      symbol,
      column,
      constant,
      function,
      verb,
      definition,
      letters,
      no_entry,  // v_7 of a vector with three
      fresh
    } kind = Kind::unresolved;
    NodeId node{};
    const Definition* definition = nullptr;
    const VerbRow* verb = nullptr;
    std::uint32_t generation = 0;
  };
  // What is known of a name of the text.
  struct NameState {
    Meaning meaning = {};
    std::uint32_t plain = 0;  // the generation in which it is a value wherever no bracket follows
    std::uint32_t mentioned = 0;  // number of the last statement that has it
    bool declared = false, column = false, alone = false, noted = false;
  };
  // One of these facts for all names.
  template <bool NameState::*fact>
  struct Facts {
    std::vector<NameState>& names;
    bool& operator[](std::uint32_t name) const { return names[name].*fact; }
  };
  struct Local {
    std::uint32_t name;
    // `suffix`: x_i is a column although no i was named
    enum class Kind : std::uint8_t { symbol, index, suffix } kind;
  };

  // --- reader.cpp: the loop over operands and operators
  Quantity expression();
  void read_operand();
  void read_nabla();
  bool read_operator();  // false at the end of the expression
  void push_prefix(Form, Precedence, std::uint32_t token, std::uint32_t extra = 0);
  void push_bracket(Form, std::uint32_t token, std::uint32_t extra = 0);
  void push_infix(const Operator&, std::uint32_t token, Precedence, bool without_sign = false);
  void turn_to_otherwise(bool behind);
  bool opens_operand(const Token&) const;

  // --- reader_signs.cpp: signs that mean different things in different places
  void note_extent();
  void check_prime(std::uint32_t first);
  void check_equals(std::uint32_t sign);
  void check_power();
  bool in_cases() const;
  void cases_separator();

  // --- reader_reduce.cpp: operators applied to what stands on the stacks
  void reduce_to(Precedence, bool right);
  void reduce_all();
  void reduce_top();
  bool reduce_plain();
  void reduce_chain();
  Item combine(const Operator&, Item u, Item v, std::uint32_t token);

  // --- reader_brackets.cpp: separators, closing brackets, what stands behind a value
  void comma();
  void colon();
  void close(Kind);
  void factorial();
  void superscript();

  // --- reader_bars.cpp: the bar that puts values in, |_{x=3}, and subscripts of brackets
  bool begins_values() const;
  bool names_value() const, binds_value() const;
  void evaluate_term();
  void open_values(std::uint32_t bar, std::uint32_t sum = 0);
  void finish_values(const Pending&, std::uint32_t end);
  std::vector<Replacement> replacements_of(std::span<const Item> pairs);
  void skip_norm_order();

  // --- reader_products.cpp: products without a sign, and the notes on them
  struct Product {
    std::uint32_t note = 0;             // position in notes_
    std::uint32_t first = 0, last = 0;  // its tokens
    std::uint32_t sign = 0;             // the token that a sign is missing before
    std::uint32_t divisor = 0;          // of a/b c, where b begins
    std::uint32_t exponent = 0;         // of a^2b, where the exponent begins
    bool tight = false;                 // binds tighter than '*': sin 2x
  };
  struct Edit {
    std::size_t at;
    char sign;
  };
  Precedence precedence_without_sign() const;
  void multiply_without_sign();
  void finish_product(std::uint32_t product, const Item& right);
  std::string written_out(std::size_t begin, std::size_t end) const;
  Diagnostic product_note(const Product&) const;
  void finish_product_notes();

  // --- reader_numbers.cpp: literals
  NodeId number(const Token&);
  NodeId integer(std::string_view digits, Span);  // L108 when it is too long

  // --- reader_names.cpp: what names mean
  const Meaning& meaning(std::uint32_t name);
  Meaning resolve(std::uint32_t name);
  std::optional<std::vector<std::uint32_t>> split_letters(std::string_view name);
  bool is_known_letter(std::uint32_t name);
  bool first_mention(std::uint32_t name);
  void mention(std::uint32_t name);
  void grow_names();
  bool is_index(std::string_view name) const;
  bool in_data_sum() const { return data_sums_ != 0; }
  bool appears_alone(std::uint32_t name);
  Meaning python_name(std::string_view name);

  // --- reader_operands.cpp: names where a value stands
  void read_name();
  bool read_plain_name();
  void push_letters(std::uint32_t token);
  void push_symbol(std::uint32_t name, std::uint32_t token, NodeId);
  void push_definition(std::uint32_t token, const Definition&);
  void indexed_name(std::uint32_t token);
  void note_no_call(std::uint32_t token, std::string message, std::string hint);

  // --- reader_functions.cpp: what stands between a function and its argument
  void read_function(Call);
  void read_suffixes(Call&);
  bool read_order(Call&);
  bool takes_argument() const;

  // --- reader_unknown.cpp: names that mean nothing yet, or something else than usual
  void note_fresh(std::uint32_t token);
  void note_shadowing(std::uint32_t name, Span);
  [[noreturn]] void unknown_function(std::uint32_t token);
  [[noreturn]] void unknown_name(std::uint32_t token);
  [[noreturn]] void verb_without_parentheses(std::uint32_t token, const VerbRow&);
  std::string suggestion(std::string_view name), nearest_function(std::string_view name);

  // --- reader_calls.cpp: functions and verbs applied to their arguments
  void finish_call(const Call&, std::uint32_t base, std::uint32_t end_token);
  Item apply(const Call&, std::span<const Item> arguments, Span);
  Item apply_function(const Call&, std::span<const Item> arguments, Span);
  Item apply_definition(const Call&, std::span<const Item> arguments, Span);
  Item apply_by_entry(const Call&, std::span<const Item> arguments, Span);
  Item apply_verb(const Call&, std::span<const Item> arguments, Span);
  NodeId inverse_function(const Call&, NodeId argument);
  [[noreturn]] void wrong_count(const Call&, std::size_t given, std::string_view expected);
  void open_verb(Call&);
  void pair_brackets();
  std::uint32_t closing_bracket(std::uint32_t open);

  // --- reader_leibniz.cpp: notations of derivatives
  struct Leibniz {
    std::vector<std::pair<std::uint32_t, unsigned>> by;
    unsigned order = 0;
    std::uint32_t function = 0;  // token of what is differentiated, if it stands in the numerator
    bool fused = false;          // df, not d f
  };
  unsigned leibniz_order(std::uint32_t& at) const;
  bool leibniz_numerator(std::uint32_t& at, Leibniz&);
  bool leibniz_denominator(std::uint32_t& at, Leibniz&);
  void start_derivative(const Leibniz&, std::uint32_t behind);
  bool read_differential();
  bool read_subscript_derivative();
  void refuse_undefined_quotient(std::uint32_t above, std::uint32_t below);
  bool read_leibniz();
  bool read_fraction_leibniz();

  // --- reader_sums.cpp: sums, products and limits
  void read_sum_sign();
  Item data_sum_of(Item body, bool mean, Span);
  Item finite_sum(NodeId body, NodeId variable, NodeId from, NodeId to, bool product, Span);
  void read_limit();
  NodeId limit_point(std::uint32_t& at, bool& fits);
  void finish_limit_head(const Call&, std::span<const Item>, std::uint32_t end);
  NodeId limit_of(NodeId body, NodeId variable, NodeId point, Span);

  // --- reader_calculus.cpp: derivatives taken
  void finish_prefix(const Pending&);
  void note_absent(Expr, std::uint32_t name, Span);
  Quantity along(Expr f, std::span<const Expr> variables, const Quantity& direction, Span);
  Item differentiate(Item f, std::span<const std::pair<std::uint32_t, unsigned>> by, Span);
  NodeId derivative_of(NodeId f, NodeId x, unsigned order, Span);
  Quantity differential(const VerbRow&, Expr f, std::span<const Expr> variables, Span);
  Item calculus_verb(const Call&, std::span<const Item>, Span);
  std::vector<Expr> variables_of(std::span<const Item>, Item f, const Call&);

  // --- statement.cpp: one statement after the other
  void check_foreign_word();
  bool counts_rows(std::uint32_t name) const;
  void note_rows(std::uint32_t first);
  void end_of_statement();

  // --- reader_definitions.cpp: names and functions that a text defines
  bool starts_function_definition() const;
  bool starts_lambda() const;
  void check_parameters();
  Quantity read_lambda(std::vector<std::string>& names);
  Statement read_assignment(std::uint32_t name_token);
  Statement read_function_definition();
  Statement read_python_function();
  std::vector<std::uint32_t> read_parameters(Kind closing);
  Quantity body_with(std::span<const std::uint32_t> parameters);
  void define(Statement&, std::uint32_t name_token);
  void push_local(std::uint32_t name, Local::Kind);
  void pop_locals(std::size_t height);

  // --- tokens
  const Token& token() const { return tokens_.list[at_]; }
  const Token& peek(std::size_t ahead) const {
    return tokens_.list[std::min<std::size_t>(at_ + ahead, tokens_.list.size() - 1)];
  }
  Span span(std::uint32_t t) const { return {tokens_.list[t].begin, tokens_.list[t].end}; }
  Span span(std::uint32_t first, std::uint32_t last) const {
    return {tokens_.list[first].begin, tokens_.list[last].end};
  }
  std::string_view written(std::uint32_t t) const {
    return text_.substr(tokens_.list[t].begin, tokens_.list[t].end - tokens_.list[t].begin);
  }
  std::string_view name_of(std::uint32_t t) const { return tokens_.names[tokens_.list[t].data]; }
  bool is_word(const Token& t, Word w) const {
    return t.kind == Kind::name && t.data == static_cast<std::uint32_t>(w);
  }
  // np.pi and the like
  bool is_member(std::uint32_t t) const {
    return tokens_.list[t].end - tokens_.list[t].begin > 2 && written(t).find('.') != text_.npos;
  }
  bool is_symbol(const Token& t, OperatorRow wanted) const {
    return t.kind == Kind::symbol && t.data == wanted.row;
  }

  // --- reader_values.cpp: numbers, vectors and matrices on the value stack
  void push(NodeId id, std::uint32_t t) { nabla::push(values_, Item{id, 0, t}); }
  Item array(Quantity, std::uint32_t t);
  Quantity quantity(const Item&) const;
  NodeId scalar(const Item&, std::string_view place);
  Item pop() {
    const Item item = values_.back();
    values_.pop_back();
    return item;
  }
  void skip_newlines();

  // --- reader_complaints.cpp: notes and errors
  void note(std::string_view code, std::string message, Span, std::string hint = {},
            std::string reading = {}, std::string alternative = {}, bool mends = true);
  void add_note(Diagnostic);
  [[noreturn]] void fail(std::string_view code, std::string message, Span, std::string hint = {},
                         std::vector<Label> labels = {}, std::optional<Fix> fix = {}) const;
  [[noreturn]] void expected_operand();
  [[noreturn]] void illegal_character();
  std::string shown_character() const;
  [[noreturn]] void unclosed();

  Graph& g_;
  Scope& scope_;
  std::string_view text_;
  const ReadOptions& options_;
  Tokens tokens_;
  std::uint32_t at_ = 0;

  std::vector<Item> values_;
  std::vector<Pending> pending_;
  std::vector<Call> calls_;
  std::vector<Prefix> prefixes_;
  std::vector<Quantity> arrays_;
  std::list<Definition> derivatives_;  // f_x
  std::vector<Local> locals_;
  std::size_t nesting_ = 0;
  std::size_t open_ended_ = 0;  // functions without parentheses and derivatives that wait
  std::size_t brackets_ = 0, data_sums_ = 0;

  std::vector<NameState> name_states_;  // by name
  std::uint32_t statement_ = 0;         // its number, from 1
  std::uint32_t generation_ = 1;        // meanings of earlier ones are out of date
  Facts<&NameState::declared> declared_{name_states_};
  Facts<&NameState::column> columns_{name_states_};
  Facts<&NameState::alone> alone_{name_states_};
  Facts<&NameState::noted> noted_{name_states_};
  bool alone_known_ = false, summed_ = false;
  std::vector<std::uint32_t> variables_;
  bool meets_ = false;  // the scope does not know them yet
  std::vector<Diagnostic> notes_;
  std::size_t unlisted_ = 0;    // notes beyond those kept
  bool noted_product_ = false;  // the next one
  std::vector<Product> products_;
  std::vector<std::uint32_t> signs_;  // tokens that a sign is missing before
  std::vector<Edit> edits_;
  std::uint32_t last_product_ = 0;   // 1 + position of the one built last
  bool complete_ = false;            // an operand stands on the value stack, an operator may follow
  std::uint32_t last_division_ = 0;  // 1 + first token of the quotient built last
  std::uint32_t last_divisor_ = 0;   // first token of its divisor
  bool assigning_ = false;           // on the right of a definition
  bool tex_ = false;                 // a backslash occurs
  std::vector<std::uint32_t> commas_;  // by token of an opening bracket: commas directly inside
  std::vector<std::uint32_t> closes_;  // and the token that closes it, 0 if none does
};

}  // namespace nabla
