#include "cli/data_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "parser/render.hpp"

namespace nabla {
namespace {

Diagnostic cannot_read(const std::string& path) {
  return {.code = "I601",
          .message = "cannot read '" + printable(path) + "': " + std::strerror(errno),
          .span = {}};
}

Diagnostic bad_sign(std::string_view option, std::string_view wanted) {
  return {.code = "U501",
          .message = "--" + std::string(option) + " takes " + std::string(wanted),
          .span = {}};
}

}  // namespace

Result<FileBytes> FileBytes::read(const std::string& path) {
  FileBytes bytes;
  const int file = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return cannot_read(path);
  const auto done = [&](Result<FileBytes> result) {
    if (file != STDIN_FILENO) ::close(file);
    return result;
  };
  struct stat about {};
  if (file != STDIN_FILENO && ::fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
      about.st_size > 0) {
    const auto size = static_cast<std::size_t>(about.st_size);
    void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at != MAP_FAILED) {
      bytes.mapped_ = static_cast<const char*>(at);
      bytes.size_ = size;
      return done(std::move(bytes));
    }
  }
  constexpr std::size_t piece = std::size_t{1} << 20;
  for (std::size_t used = 0;;) {
    bytes.owned_.resize(used + piece);
    const ssize_t got = ::read(file, bytes.owned_.data() + used, piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return done(cannot_read(path));
    used += static_cast<std::size_t>(got);
    bytes.owned_.resize(used);
    if (got == 0) return done(std::move(bytes));
  }
}

FileBytes::FileBytes(FileBytes&& other) noexcept
    : owned_(std::move(other.owned_)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      size_(other.size_) {}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
  std::swap(owned_, other.owned_);
  std::swap(mapped_, other.mapped_);
  std::swap(size_, other.size_);
  return *this;
}

FileBytes::~FileBytes() {
  if (mapped_) ::munmap(const_cast<char*>(mapped_), size_);
}

Result<CsvFormat> csv_format(const Arguments& arguments) {
  CsvFormat format;
  const std::string_view delimiter = arguments.value("delimiter", ",");
  if (delimiter == "tab" || delimiter == "\\t" || delimiter == "\t")
    format.delimiter = '\t';
  else if (delimiter.size() == 1 &&
           std::string_view(",;|: ").find(delimiter[0]) != std::string_view::npos)
    format.delimiter = delimiter[0];
  else
    return bad_sign("delimiter", "one of , ; | : or tab");
  const std::string_view decimal = arguments.value("decimal", ".");
  if (decimal != "." && decimal != ",") return bad_sign("decimal", ". or ,");
  format.decimal = decimal[0];
  if (format.decimal == format.delimiter) {
    return bad_sign("decimal", "a sign that is not the delimiter: --delimiter ';' --decimal ','");
  }
  const std::string_view missing = arguments.value("missing", "refuse");
  if (missing != "refuse" && missing != "drop") return bad_sign("missing", "refuse or drop");
  format.missing = missing == "drop" ? Missing::drop : Missing::refuse;
  format.header = !arguments.has("no-header");
  return format;
}

}  // namespace nabla
