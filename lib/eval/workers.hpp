#pragma once

// Workers: threads that help with calls that have much to do, kept between calls. Several functions
// may share them (CompileOptions::workers). How work is divided never changes a result.

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace nabla {

class Workers {
 public:
  // So many threads work together, the caller among them; 0: as many as the machine has. They are
  // started when there is something to do for the first time; where the system refuses, fewer work,
  // at last the caller alone.
  explicit Workers(unsigned threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  unsigned threads() const { return threads_; }

  // task(0) to task(count - 1), each once, in any order; returns when all are done. The first
  // exception of a task is thrown again here, and tasks not begun by then are left out. Callers do
  // not wait for one another: whoever comes while others are served works alone, and so does a
  // child of fork().
  using Task = std::function<void(std::size_t)>;
  void run(std::size_t count, const Task& task);

 private:
  class Team;

  const unsigned threads_;
  std::atomic<bool> serving_{false};
  std::unique_ptr<Team> team_;
};

}  // namespace nabla
