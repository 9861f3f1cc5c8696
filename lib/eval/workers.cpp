#include "lib/eval/workers.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#if defined(__unix__)
#include <unistd.h>
#endif

namespace nabla {

namespace {

long this_process() {
#if defined(__unix__)
  return getpid();
#else
  return 1;
#endif
}

}  // namespace

class Workers::Team {
 public:
  explicit Team(unsigned helpers) {
    try {
      helpers_.reserve(helpers);
      while (helpers_.size() < helpers) helpers_.emplace_back([this] { work(); });
    } catch (const std::exception&) {
      // Those that were started are enough.
    }
  }
  ~Team() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    for (std::thread& t : helpers_) t.join();
  }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  bool is_here() const { return owner_ == this_process(); }
  bool empty() const { return helpers_.empty(); }
  void run(std::size_t count, const Task& task);

 private:
  void work();
  void take_tasks(const Task&, std::size_t count);

  const long owner_ = this_process();
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_, finished_;
  const Task* task_ = nullptr;
  std::size_t count_ = 0, round_ = 0;
  unsigned busy_ = 0;
  bool over_ = false;
  std::exception_ptr error_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::thread> helpers_;  // last, since they use the others
};

void Workers::Team::take_tasks(const Task& task, std::size_t count) {
  try {
    for (;;) {
      const std::size_t k = next_.fetch_add(1, std::memory_order_relaxed);
      if (k >= count) return;
      task(k);
    }
  } catch (...) {
    next_.store(count, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
  }
}

void Workers::Team::work() {
  std::size_t seen = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return over_ || (task_ != nullptr && round_ != seen); });
    if (over_) return;
    seen = round_;
    ++busy_;
    const Task& task = *task_;
    const std::size_t count = count_;
    lock.unlock();
    take_tasks(task, count);
    lock.lock();
    if (--busy_ == 0) finished_.notify_one();
  }
}

void Workers::Team::run(std::size_t count, const Task& task) {
  {
    const std::lock_guard lock(mutex_);
    task_ = &task;
    count_ = count;
    next_.store(0, std::memory_order_relaxed);
    ++round_;
  }
  changed_.notify_all();
  take_tasks(task, count);
  std::unique_lock lock(mutex_);
  task_ = nullptr;  // nobody comes any more
  finished_.wait(lock, [&] { return busy_ == 0; });
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

Workers::Workers(unsigned threads)
    : threads_(threads > 0 ? threads : std::thread::hardware_concurrency()) {}

Workers::~Workers() {
  // In a child of fork() the threads are those of the parent: nothing to end, nothing to wait for.
  if (team_ && !team_->is_here()) (void)team_.release();
}

void Workers::run(std::size_t count, const Task& task) {
  const auto alone = [&] {
    for (std::size_t k = 0; k < count; ++k) task(k);
  };
  if (threads_ < 2 || count < 2 || serving_.exchange(true, std::memory_order_acquire)) {
    return alone();
  }
  const auto leave = [](std::atomic<bool>* serving) {
    serving->store(false, std::memory_order_release);
  };
  const std::unique_ptr<std::atomic<bool>, decltype(leave)> served(&serving_, leave);
  if (!team_) team_ = std::make_unique<Team>(threads_ - 1);
  if (team_->empty() || !team_->is_here()) return alone();
  team_->run(count, task);
}

}  // namespace nabla
