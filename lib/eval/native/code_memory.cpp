#include "lib/eval/native/code_memory.hpp"

#if defined(NABLA_HAS_ASMJIT)

#include <asmjit/core.h>
#include <unistd.h>

#include <cstring>
#include <mutex>

namespace nabla {

namespace {

// A child of fork() shares the pages with its parent, so it must not write to them: it gets an
// allocator of its own, and what it inherited is never given back.
struct Memory {
  std::mutex mutex;
  asmjit::JitAllocator* allocator = nullptr;
  pid_t owner = 0;
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
  if (m.owner != getpid()) {
    m.allocator = make_allocator();
    m.owner = getpid();
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
  if (m.owner == getpid()) m.allocator->release(code);
}

}  // namespace nabla

#else

namespace nabla {

void* make_executable(const void*, std::size_t) { return nullptr; }
void free_executable(void*) {}

}  // namespace nabla

#endif
