// Loaded before a program (LD_PRELOAD), refuses it executable memory of its own: mmap and mprotect
// with PROT_EXEC fail as they do on hardened systems. Libraries still load, for the loader does not
// come this way. Programs started from there inherit it; only node, which runs generated JavaScript
// for the tests and cannot do without, is let alone.

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <string_view>

namespace {

bool refuses(int protection) {
  return (protection & PROT_EXEC) != 0 && std::string_view(program_invocation_short_name) != "node";
}

}  // namespace

extern "C" {

void* mmap(void* at, std::size_t size, int protection, int flags, int file, off_t offset) {
  if (refuses(protection)) {
    errno = EPERM;
    return MAP_FAILED;
  }
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, size, protection, flags, file, offset));
}

void* mmap64(void* at, std::size_t size, int protection, int flags, int file, off_t offset) {
  return mmap(at, size, protection, flags, file, offset);
}

int mprotect(void* at, std::size_t size, int protection) {
  if (refuses(protection)) {
    errno = EPERM;
    return -1;
  }
  return static_cast<int>(syscall(SYS_mprotect, at, size, protection));
}
}
