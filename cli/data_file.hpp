#pragma once

// Data files named on the command line: their bytes, and how the options say to read them.

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "lib/core/diagnostic.hpp"
#include "lib/optimize/csv.hpp"

namespace nabla {

// The bytes of a file: mapped, or read to the end where that cannot be done ("-" is the standard
// input).
class FileBytes {
 public:
  // Error I601.
  static Result<FileBytes> read(const std::string& path);

  FileBytes(FileBytes&&) noexcept;
  FileBytes& operator=(FileBytes&&) noexcept;
  ~FileBytes();

  std::string_view text() const {
    return mapped_ ? std::string_view(mapped_, size_) : std::string_view(owned_);
  }

 private:
  FileBytes() = default;

  std::string owned_;
  const char* mapped_ = nullptr;
  std::size_t size_ = 0;
};

// --delimiter, --decimal, --no-header, --missing. Error U501.
Result<CsvFormat> csv_format(const Arguments&);

}  // namespace nabla
