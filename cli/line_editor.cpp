#include "cli/line_editor.hpp"

#include <histedit.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cwchar>

namespace nabla {

struct LineEditor::State {
  EditLine* editor = nullptr;
  History* history = nullptr;
  Complete complete;
  bool (*interrupted)() = nullptr;
  int wakes = -1;
  std::string prompt;
};

namespace {

LineEditor::State& state_of(EditLine* editor) {
  void* data = nullptr;
  el_get(editor, EL_CLIENTDATA, &data);
  return *static_cast<LineEditor::State*>(data);
}

char* prompt_of(EditLine* editor) { return state_of(editor).prompt.data(); }

// One character from the terminal. libedit's own reader tries again after a signal, which would
// make Ctrl-C do nothing until the next key.
int next_character(EditLine* editor, wchar_t* c) {
  LineEditor::State& state = state_of(editor);
  std::mbstate_t shift{};
  for (;;) {
    if (state.interrupted()) return -1;
    // A signal between the check and here makes the second one readable.
    pollfd inputs[] = {{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                       {.fd = state.wakes, .events = POLLIN, .revents = 0}};
    const int ready = ::poll(inputs, 2, -1);
    if ((ready < 0 && errno == EINTR) || inputs[0].revents == 0) continue;
    char byte = 0;
    const auto got = ::read(STDIN_FILENO, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;
    // A Ctrl-D typed before the terminal left its line mode arrives as a zero byte.
    if (byte == 0) continue;
    const std::size_t size = std::mbrtowc(c, &byte, 1, &shift);
    if (size == static_cast<std::size_t>(-2)) continue;  // more bytes to come
    if (size == static_cast<std::size_t>(-1)) {
      shift = {};
      continue;  // not a character; dropped
    }
    return 1;
  }
}

// The bytes that end in the cursor and could be the beginning of a word.
std::string_view word_before(const LineInfo& line) {
  const char* begin = line.cursor;
  const auto in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':';
  };
  while (begin > line.buffer && in_word(begin[-1])) --begin;
  return {begin, static_cast<std::size_t>(line.cursor - begin)};
}

unsigned char complete_word(EditLine* editor, int) {
  LineEditor::State& state = state_of(editor);
  const std::string word(word_before(*el_line(editor)));
  const auto found = state.complete(word);
  if (found.empty()) return CC_ERROR;
  std::string common = found.front();
  for (const std::string& other : found) {
    const auto [end, ignored] = std::ranges::mismatch(common, other);
    common.erase(end, common.end());
  }
  if (common.size() > word.size()) {
    if (el_insertstr(editor, common.substr(word.size()).c_str()) != 0) return CC_ERROR;
    return CC_REFRESH;
  }
  if (found.size() == 1) return CC_NORM;
  std::string list = "\n";
  for (const std::string& candidate : found) list += candidate + "  ";
  std::printf("%s\n", list.c_str());
  std::fflush(stdout);
  return CC_REDISPLAY;
}

// Letters beyond ASCII need a locale that has them; everything else stays as the C locale says.
void use_utf8() {
  const char* const name = std::setlocale(LC_CTYPE, "");
  if (name && MB_CUR_MAX > 1) return;
  std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

LineEditor::LineEditor(Complete complete, bool (*interrupted)(), int wakes)
    : state_(std::make_unique<State>()) {
  use_utf8();
  state_->complete = std::move(complete);
  state_->interrupted = interrupted;
  state_->wakes = wakes;
  state_->editor = el_init("nabla", stdin, stdout, stderr);
  state_->history = history_init();
  HistEvent event;
  history(state_->history, &event, H_SETSIZE, 10'000);
  history(state_->history, &event, H_SETUNIQUE, 1);
  EditLine* const editor = state_->editor;
  if (!editor) return;
  el_set(editor, EL_CLIENTDATA, state_.get());
  el_set(editor, EL_PROMPT, &prompt_of);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_HIST, history, state_->history);
  el_set(editor, EL_GETCFN, &next_character);
  // The narrow el_set would leave copies of these two behind.
  el_wset(editor, EL_ADDFN, L"complete-word", L"Complete a name", &complete_word);
  el_set(editor, EL_BIND, "\t", "complete-word", nullptr);
  el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
}

LineEditor::~LineEditor() {
  if (state_->editor) el_end(state_->editor);
  if (state_->history) history_end(state_->history);
}

LineEditor::Got LineEditor::read(const std::string& prompt, std::string& line) {
  if (!state_->editor) return Got::end;
  state_->prompt = prompt;
  int count = 0;
  // libedit would show the prompt first and leave the line mode later: keys typed in between, such
  // as Ctrl-R, would go to the terminal's own line editing.
  el_set(state_->editor, EL_PREP_TERM, 1);
  const char* const text = el_gets(state_->editor, &count);
  if (state_->interrupted()) {
    el_reset(state_->editor);
    return Got::interrupted;
  }
  if (!text || count <= 0) return Got::end;
  line.assign(text, static_cast<std::size_t>(count));
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  return Got::line;
}

void LineEditor::remember(const std::string& line) {
  HistEvent event;
  history(state_->history, &event, H_ENTER, line.c_str());
}

bool LineEditor::load(const std::string& path) {
  HistEvent event;
  return history(state_->history, &event, H_LOAD, path.c_str()) >= 0;
}

bool LineEditor::save(const std::string& path) {
  const std::string fresh = path + ".new";
  const mode_t mask = ::umask(0077);
  HistEvent event;
  const bool written = history(state_->history, &event, H_SAVE, fresh.c_str()) >= 0;
  ::umask(mask);
  if (!written || std::rename(fresh.c_str(), path.c_str()) != 0) {
    ::unlink(fresh.c_str());
    return false;
  }
  return true;
}

}  // namespace nabla
