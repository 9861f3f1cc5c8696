#pragma once

// THE table of diagnostic codes. The letter is the stage, the number never changes its meaning.
// Tests execute every example, and find every code that a source file uses in this table.

#include <array>
#include <optional>
#include <string_view>

namespace nabla {

struct DiagnosticCode {
  std::string_view code;
  std::string_view title;
  std::string_view explanation;
  // What gives this code and no other: a text; "name=value: text", which sets a limit first; a
  // command after "$ "; or what a program does, after "C++ ".
  std::string_view example = {};
  bool brief = false;  // a note that nearly everybody expects: one line for all of a statement
};

// clang-format off
inline constexpr std::array diagnostic_codes{
    // --- P: characters, numbers, brackets
    DiagnosticCode{"P001", "a value is missing", "An operator, comma or bracket stands where a number, name or parenthesis has to stand.", "1+*2"},
    DiagnosticCode{"P002", "bracket never closed", "The text ends inside a bracket; the label says where it was opened.", "3*(1+2"},
    DiagnosticCode{"P003", "bracket never opened", "A closing bracket has no opening one.", "1+2)"},
    DiagnosticCode{"P004", "two values side by side", "A number cannot follow a value directly; a product is written with a sign.", "2 3"},
    DiagnosticCode{"P005", "character without meaning", "The character is no part of the language; many have a plain replacement.", "~x"},
    DiagnosticCode{"P006", "malformed number", "It starts like a number but is none: two points, an exponent without digits, '_' between digits.", "1.2.3"},
    DiagnosticCode{"P007", "comma outside a list", "Commas separate arguments of calls and entries of vectors.", "1,5"},
    DiagnosticCode{"P008", "misplaced word or sign", "A sign with a meaning of its own (':', '->', 'if') stands where it has none.", "x : 2"},
    DiagnosticCode{"P009", "malformed definition", "The left side of '=' or ':=' is a name or a name with parameters.", "f(x, x) = x^2"},
    DiagnosticCode{"P010", "brackets do not match", "A bracket is closed by one of another kind.", "[1, 2)"},
    DiagnosticCode{"P011", "double factorial", "x!! is (x!)! to some and the double factorial to others, so it is refused.", "3!!"},
    DiagnosticCode{"P012", "incomplete LaTeX", "\\frac, \\sqrt, \\sum and \\lim need their groups in braces.", "\\frac x"},
    DiagnosticCode{"P013", "nothing to read", "The text is empty or only white space.", " "},

    // --- N: names, arguments, shapes
    DiagnosticCode{"N101", "unknown name", "Nothing of that name is defined.", "\\foo + 1"},
    DiagnosticCode{"N102", "unknown function", "A name before a parenthesis is neither a function nor known as a value.", "x^2 * sinn(x)"},
    DiagnosticCode{"N103", "wrong number of arguments", "The function takes another number of arguments, or none was given.", "sin(1, 2)"},
    DiagnosticCode{"N104", "number expected, not a vector", "A vector or matrix stands where only a number has a meaning.", "sqrt([1, 2])^[1, 2]"},
    DiagnosticCode{"N105", "shapes do not fit", "Two vectors or matrices differ in size.", "[1, 2] + [1, 2, 3]"},
    DiagnosticCode{"N106", "defined by itself", "The right side uses the name that is being defined, and it has no value yet.", "q = q + 1"},
    DiagnosticCode{"N107", "which name to differentiate by", "The expression has several names (or none), and none was chosen.", "(x*y)'"},
    DiagnosticCode{"N108", "not a name or a bound", "Derivatives are taken by names; bounds of finite sums are integers.", "diff(x, pi)"},
    DiagnosticCode{"N109", "no such entry", "An index is a number from 1 to the length of the vector, or a name.", "v = [1, 2]; v[3]"},

    // --- L: limits
    DiagnosticCode{"L101", "too many nodes", "The expression needs more distinct nodes than 'nodes' allows.", "nodes=20: (x+1)*(x+2)*(x+3)*(x+4)*(x+5)*(x+6)*(x+7)*(x+8)"},
    DiagnosticCode{"L102", "nested too deeply", "Parentheses, calls and signs stand deeper inside one another than 'nesting' allows.", "nesting=3: ((((x))))"},
    DiagnosticCode{"L103", "too many arguments", "A list or a finite sum is longer than 'arguments' allows.", "arguments=3: max(1, 2, 3, 4, 5)"},
    DiagnosticCode{"L104", "text too long", "The text is longer than 'input_bytes' allows.", "input_bytes=3: x + y"},
    DiagnosticCode{"L105", "matrix too large", "A Jacobian or Hessian has more entries than 'arguments' allows.", "arguments=3: hessian(x*y)"},
    DiagnosticCode{"L106", "output too long", "The printed text is longer than 'output_bytes' allows.", "output_bytes=3: x + y"},
    DiagnosticCode{"L107", "name too long", "A name is longer than 'name_bytes' allows.", "name_bytes=3: price"},
    DiagnosticCode{"L108", "number too large", "An exact number has more bits than 'number_bits' allows.", "number_bits=64: 123456789012345678901234567890"},
    DiagnosticCode{"L109", "too many terms", "Expanding would give more terms than 'expansion_terms' allows.", "$ nabla expand '(x+1)^1000000'"},
    DiagnosticCode{"L110", "stopped", "The computation was stopped from outside.", "$ nabla eval 'sum(k, 1, 1000000, sin(k*x))' --timeout 0.001"},
    DiagnosticCode{"L111", "too much memory", "One graph would take more memory than 'memory_bytes' allows.", "$ nabla eval 2^3000000 --limit memory_bytes=100000"},
    DiagnosticCode{"L190", "out of memory", "The machine has no memory left for this; what was there before is still valid.", "$ (ulimit -v 40000; nabla eval 'sum(k, 1, 1000000, sin(k*x))')"},

    // --- D: differentiation
    DiagnosticCode{"D201", "no derivative", "A function has no derivative by this operand.", "diff(polygamma(x, 2), x)"},
    DiagnosticCode{"D202", "not a name", "Derivatives are taken by names only.", "C++ derivative(x^2, x + 1)"},
    DiagnosticCode{"D203", "different graphs", "The expressions belong to different graphs.", "C++ derivative(x^2, x of another graph)"},
    DiagnosticCode{"D204", "direction of another length", "A direction has one component for each variable.", "C++ directional(x*y, [x, y], [1])"},
    DiagnosticCode{"D205", "unknown limit", "The limit is none of a quotient that differentiation decides.", "lim(h -> 0) 1/h"},
    DiagnosticCode{"D206", "generated code differs", "The code cannot be compiled or run here, or gives other numbers than the evaluator.", "$ D=$(mktemp -d); ln -s /bin/false $D/cc; PATH=$D:$PATH nabla codegen x --verify; rm -r $D"},

    // --- E: evaluation
    DiagnosticCode{"E301", "no value for a name", "A name has no value at the point of evaluation.", "$ nabla eval x^2+y --at x=1"},
    DiagnosticCode{"E302", "column without data", "A data column has no values, or stands outside every sum.", "$ nabla eval 'sum(x_i)'"},
    DiagnosticCode{"E303", "input is no name", "Inputs of a compiled function are names, each given once.", "C++ Function::compile([x + 1], [x])"},
    DiagnosticCode{"E304", "sums too deep", "Data sums stand too deep inside one another.", "C++ Function::compile([], [data sums 300 deep])"},
    DiagnosticCode{"E305", "sizes do not fit", "The number of inputs, outputs or rows is not the one needed.", "C++ f([1, 2]) for a function of one input"},
    DiagnosticCode{"E306", "data do not fit", "Data are missing, or their columns differ in length.", "$ nabla eval 'sum(x_i*y_i)' --at 'x=[1,2],y=[1]'"},

    // --- C: data files
    DiagnosticCode{"C801", "row of another length", "A row of a data file has more or fewer fields than the first line.", "$ printf 'x,y\\n1\\n' | nabla fit 'y ~ a*x' -"},
    DiagnosticCode{"C802", "not a number", "A field of a column that the formula uses holds text.", "$ printf 'x,y\\n1,two\\n' | nabla fit 'y ~ a*x' -"},
    DiagnosticCode{"C803", "missing value", "A field is empty, NA or NaN; --missing drop leaves such rows out.", "$ printf 'x,y\\n1,\\n' | nabla fit 'y ~ a*x' -"},
    DiagnosticCode{"C804", "no data", "The file is empty, or has names of columns and no rows.", "$ printf 'x,y\\n' | nabla fit 'y ~ a*x' -"},
    DiagnosticCode{"C805", "no names of columns", "The first line holds numbers; --no-header says that it may.", "$ printf '1,2\\n' | nabla fit 'y ~ a*x' -"},
    DiagnosticCode{"C806", "quotes that do not fit", "A quoted field never ends, or goes on after its end.", "$ printf 'x,y\\n\"1,2\\n' | nabla fit 'y ~ a*x' -"},
    DiagnosticCode{"C807", "no such column", "The data have no column of that name, or two.", "$ printf 'x,y\\n1,2\\n' | nabla fit 'y ~ a*x' - --weights v"},
    DiagnosticCode{"C808", "column renamed", "The name in the file is no name in a formula and was changed into one.", "$ printf 'x,net weight\\n1,2\\n' | nabla fit 'net_weight ~ a*x' - --strict"},
    DiagnosticCode{"C809", "weight below 0", "A row counts as much as its weight says, which is 0 or more.", "$ printf 'x,y,v\\n1,2,-1\\n' | nabla fit 'y ~ a*x' - --weights v"},

    // --- F: learning from data
    DiagnosticCode{"F901", "not a model", "A model is written response ~ formula.", "$ printf 'x,y\\n1,2\\n' | nabla fit 'a*x' -"},
    DiagnosticCode{"F902", "nothing to fit", "Every name in the formula is a column: there are no parameters, or no column at all.", "$ printf 'x,y\\n1,2\\n' | nabla fit 'y ~ 2*x' -"},
    DiagnosticCode{"F903", "too few rows", "There are fewer rows than parameters.", "$ printf 'x,y\\n1,2\\n' | nabla fit 'y ~ a*x + b' -"},
    DiagnosticCode{"F904", "sum that depends on a parameter", "Least squares need residuals of single rows; minimize takes any loss.", "$ printf 'x,y\\n1,2\\n3,4\\n' | nabla fit 'y ~ a*x + mean(exp(b*x))' -"},
    DiagnosticCode{"F905", "no exact solution", "The loss is no polynomial in its parameters, so it does not collapse into a few sums.", "$ printf 'x,y\\n1,2\\n' | nabla fit 'y ~ exp(a*x)' - --method exact"},
    DiagnosticCode{"F906", "method does not fit", "The method needs what the loss does not have.", "$ printf 'x,y\\n1,2\\n' | nabla fit 'y ~ a*x' - --method lm --loss mae"},
    DiagnosticCode{"F907", "no tangent there", "The curve has no finite value or slope at the point.", "$ nabla plot 'log(x)' --on 1:2 --tangent-at -1"},
    DiagnosticCode{"F908", "response is no probability", "The logistic loss compares a probability with what was observed: 0, 1 or a share between.", "$ printf 'x,y\\n1,2\\n' | nabla fit 'y ~ sigmoid(a*x)' - --loss logistic"},

    // --- G: generated code
    DiagnosticCode{"G401", "unknown language", "There is no code generator of that name.", "$ nabla codegen x^2 --lang klingon"},
    DiagnosticCode{"G402", "not a name in that language", "The function or a variable has a name the language cannot have.", "$ nabla codegen x --name 'a b'"},
    DiagnosticCode{"G403", "function missing in that language", "The language has no such function and no replacement is known.", "$ nabla codegen 'erf(x)' --lang js"},
    DiagnosticCode{"G404", "nothing to generate", "Neither value nor gradient nor Hessian is asked for.", "$ nabla codegen x --what ''"},
    DiagnosticCode{"G405", "no loops over tables in that language", "Rolled sums are written for languages with arrays behind pointers only.", "$ nabla codegen 'a*b + b*c + c*d + d*g + g*h + h*k + k*l + l*m + m*p + p*q' --roll --lang python"},
    DiagnosticCode{"G406", "tool missing", "The compiler or interpreter of the language is not on this machine.", "$ N=$(command -v nabla); PATH=/nonexistent $N codegen x --verify"},

    // --- U: usage of the program, and requests of the batch protocol
    DiagnosticCode{"U500", "unknown command", "There is no subcommand of that name.", "$ nabla dif x^2"},
    DiagnosticCode{"U501", "value of an option", "An option lacks its value, or the value is none it takes.", "$ nabla diff x^2 -n two"},
    DiagnosticCode{"U502", "unknown option", "The subcommand takes no option of that name.", "$ nabla diff x^2 --ordr 2"},
    DiagnosticCode{"U503", "number of expressions", "A subcommand takes one expression, in quotes; some take several.", "$ nabla diff x + 1"},
    DiagnosticCode{"U504", "not a variable", "What to differentiate by is a list of names.", "$ nabla diff x^2 -x x+1"},
    DiagnosticCode{"U505", "one expression expected", "Gradient, Hessian and code are those of one expression; the Jacobian takes several.", "$ nabla grad '[x, y]'"},
    DiagnosticCode{"U506", "direction of another length", "A direction has one entry for each variable.", "$ nabla direction x*y --along 1"},
    DiagnosticCode{"U507", "malformed point", "A point is a list such as x=1,y=pi/2.", "$ nabla eval x --at 3"},
    DiagnosticCode{"U508", "unknown part of the code", "Code computes value, grad and hessian.", "$ nabla codegen x^2 --what taste"},
    DiagnosticCode{"U509", "no such help", "There is no page on that topic.", "$ nabla help sihn"},
    DiagnosticCode{"U510", "not a JSON object", "A request is one JSON object on one line.", "$ echo x^2 | nabla batch"},
    DiagnosticCode{"U511", "field missing", "A request names its operation and has an expression.", "$ echo '{\"op\":\"diff\"}' | nabla batch"},
    DiagnosticCode{"U512", "field of another type", "A field of a request holds something it cannot hold.", "$ echo '{\"op\":\"diff\",\"expr\":1}' | nabla batch"},
    DiagnosticCode{"U513", "unknown operation", "The operation is unknown, or not available in this version.", "$ echo '{\"op\":\"dif\",\"expr\":\"x\"}' | nabla batch"},
    DiagnosticCode{"U514", "not an assumption", "An assumption bounds a variable by numbers or calls it an integer.", "$ nabla simplify x --assume 'x is nice'"},
    DiagnosticCode{"U515", "not a rule", "A rule has a left and a right side with -> between them; names on the right occur on the left.", "$ nabla simplify x+1 --rule 'sin(a) = 1'"},
    DiagnosticCode{"U521", "another engine", "The engine asked for is not there; the interpreter gives the same bits."},
    DiagnosticCode{"U522", "unknown field", "A field of a request has no meaning and was left out.", "$ echo '{\"op\":\"diff\",\"expr\":\"x\",\"color\":1}' | nabla batch"},
    DiagnosticCode{"U530", "unknown word at the prompt", "Words at the prompt begin with ':'; :help lists them.", "$ echo :foo | nabla"},
    DiagnosticCode{"U531", "more to show", "The prompt shows the beginning of a long result; :more goes on."},

    // --- I: input and output
    DiagnosticCode{"I601", "cannot read", "The input could not be read to its end.", "$ nabla batch < /"},
    DiagnosticCode{"I603", "cannot write", "A file could not be written.", "$ nabla codegen x^2 -o /nonexistent/f.c"},
    DiagnosticCode{"I604", "no temporary folder", "A program of another language needs a folder for its files.", "$ TMPDIR=/nonexistent nabla codegen x --verify"},

    // --- S: notes on how a text was read; errors with --strict
    DiagnosticCode{"S700", "more notes", "A statement has more notes than 'notes' of the reading allows to list.", "notes=0: 2x"},
    DiagnosticCode{"S701", "n is the number of rows", "A free name n beside a sum over data is taken as the number of its rows.", "sum(x_i)/n"},
    DiagnosticCode{"S710", "product without a sign", "Values side by side are multiplied.", "2x + 1", true},
    DiagnosticCode{"S711", "product without a sign after a division", "1/2x is (1/2)*x: a product without a sign binds like '*'.", "1/2x"},
    DiagnosticCode{"S712", "letters read as a product", "Each letter is a known name and the whole is not.", "x + y + xy"},
    DiagnosticCode{"S713", "letters read as one name", "Nothing of that name is known, so it is a new one.", "price + 1"},
    DiagnosticCode{"S714", "your name hides a constant or function", "A definition or declared name goes before the tables.", "e = 3"},
    DiagnosticCode{"S715", "a name before a parenthesis", "The name is known as a value, so this is a product and no call.", "x(x+1)"},
    DiagnosticCode{"S716", "function without parentheses", "The argument ends before '*' or '/': sin x/2 is (sin x)/2.", "sin x/2"},
    DiagnosticCode{"S717", "number out of range", "A decimal number is too large or too small for a double.", "1e400"},
    DiagnosticCode{"S718", "nothing varies by row", "The body of a sum over data mentions no data.", "sum(a*b)"},
    DiagnosticCode{"S719", "inverse function", "sin^-1 is the inverse function, not the reciprocal.", "sin^-1 x"},
    DiagnosticCode{"S721", "a derivative takes the whole term", "d/dx (a)*b differentiates the product.", "d/dx (x+1)*x"},
    DiagnosticCode{"S722", "hexadecimal number", "0x begins a hexadecimal number.", "0x10"},
    DiagnosticCode{"S723", "exponent and factor run together", "e^2x is (e^2)*x: the exponent is the number alone.", "e^2x"},
    DiagnosticCode{"S724", "a sign of comparison", "'=' compares where it defines nothing, and 'x <- 3' compares with -3.", "x + 1 = 2"},
    DiagnosticCode{"S725", "derivative by a mark on the name", "f^{(2)} is the second derivative of f, and f_x the partial one by x.", "f(x) = x^3; f^{(2)}(x)"},
    DiagnosticCode{"S726", "derivative by a name that does not occur", "What is differentiated has other names in it, so the result is 0.", "diff(a*b, c)"},
    DiagnosticCode{"S727", "a bar takes the last term", "Values after a bar go into the whole term before it; \\left. or parentheses say what is meant.", "x + x^2|_{x=3}"},
    DiagnosticCode{"S728", "an exponent of several digits", "LaTeX raises the first digit of x^12 only, and here it is x^{12}.", "\\alpha^12"},
    DiagnosticCode{"S729", "a defined name is replaced", "The name stands for its definition, which has been put in already.", "z = x + 1; subs(z^2, z = 3)"},
};
// clang-format on

constexpr const DiagnosticCode* find_diagnostic_code(std::string_view code) {
  for (const DiagnosticCode& row : diagnostic_codes) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace nabla
