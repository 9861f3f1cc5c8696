#pragma once

// The lines of nasty_public.txt, and its notation taken apart.

#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/replies.hpp"

namespace nabla::test {

inline std::string utf8(unsigned c) {
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xc0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
  return {static_cast<char>(0xe0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 63)),
          static_cast<char>(0x80 | (c & 63))};
}

// \n \0 \xHH \u{H}
inline std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n': out += '\n'; break;
      case '0': out += '\0'; break;
      case 'x':
        out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
        break;
      case 'u': {
        const std::size_t end = text.find('}', i);
        out += utf8(static_cast<unsigned>(std::stoi(text.substr(i + 2, end - i - 2), nullptr, 16)));
        i = end;
        break;
      }
      default: out += '\\', out += text[i];
    }
  }
  return out;
}

// {{rep:S:N}} and {{join:SEP:S:N}}, where # counts from 1.
inline std::string expanded(std::string text) {
  for (std::size_t at = text.find("{{"); at != text.npos; at = text.find("{{", at)) {
    const std::size_t end = text.find("}}", at);
    const auto parts = split(text.substr(at + 2, end - at - 2), ':');
    const bool join = parts.front() == "join";
    std::string made;
    for (int i = 1, n = std::stoi(parts.back()); i <= n; ++i) {
      std::string piece = parts[join ? 2 : 1];
      if (join) {
        if (i > 1) made += parts[1];
        if (const auto hash = piece.find('#'); hash != piece.npos)
          piece.replace(hash, 1, std::to_string(i));
      }
      made += piece;
    }
    text.replace(at, end + 2 - at, made);
    at += made.size();
  }
  return text;
}

inline std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(" ;; ", begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 4;
  }
  return parts;
}

// The lines of a kind; none where the corpus is not.
inline std::vector<Row> nasty(const std::string& kind) {
  std::vector<Row> found;
  for (Row& row : corpus("nasty_public.txt")) {
    if (row.size() == 3 && row[0] == kind) found.push_back(std::move(row));
  }
  return found;
}

}  // namespace nabla::test
