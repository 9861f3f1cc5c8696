#include "lib/eval/native/code_memory.hpp"

#if defined(NABLA_HAS_ASMJIT)

#include <asmjit/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <mutex>

namespace nabla {

namespace {

// Tells a child of fork() from the process it came from: a page that is empty in every child, which
// is cheaper to look at than asking the system for the number of the process each time; that is for
// systems without such pages.
class Owner {
 public:
  bool is_us() const { return page_ ? *page_ : process_ == getpid(); }
  void set() {
    if (page_) {
      *page_ = true;
      return;
    }
    process_ = getpid();
#if defined(MADV_WIPEONFORK)
    const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* const page =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    if (madvise(page, size, MADV_WIPEONFORK) != 0) {
      munmap(page, size);
      return;
    }
    page_ = static_cast<volatile bool*>(page);
    *page_ = true;
#endif
  }

 private:
  volatile bool* page_ = nullptr;
  pid_t process_ = 0;
};

// A child of fork() shares the pages with its parent, so it must not write to them: it gets an
// allocator of its own, and what it inherited is never given back.
struct Memory {
  std::mutex mutex;
  asmjit::JitAllocator* allocator = nullptr;
  Owner owner;
};

Memory& memory() {
  static Memory& one = *new Memory;  // outlives static objects that hold functions
  return one;
}

asmjit::JitAllocator* make_allocator() {
  asmjit::JitAllocator::CreateParams parameters{};
  parameters.options = asmjit::JitAllocatorOptions::kUseDualMapping;
  parameters.blockSize = 1u << 20;
  return new asmjit::JitAllocator(&parameters);
}

}  // namespace

void* make_executable(const void* code, std::size_t size) {
  Memory& m = memory();
  const std::lock_guard lock(m.mutex);
  if (!m.owner.is_us()) {
    m.allocator = make_allocator();
    m.owner.set();
  }
  void *run = nullptr, *write = nullptr;
  if (m.allocator->alloc(&run, &write, size) != asmjit::kErrorOk) return nullptr;
  if (run == write) {  // not mapped twice: never
    m.allocator->release(run);
    return nullptr;
  }
  std::memcpy(write, code, size);
  return run;
}

void free_executable(void* code) {
  Memory& m = memory();
  const std::lock_guard lock(m.mutex);
  if (m.owner.is_us()) m.allocator->release(code);
}

}  // namespace nabla

#else

namespace nabla {

void* make_executable(const void*, std::size_t) { return nullptr; }
void free_executable(void*) {}

}  // namespace nabla

#endif
