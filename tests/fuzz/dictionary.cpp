// Prints the vocabulary of the tables as a dictionary for libFuzzer.

#include <cstdio>

#include "tests/fuzz/text_generator.hpp"
#include "tests/fuzz/vocabulary.hpp"

int main() {
  for (const std::string& word : nabla::test::vocabulary()) {
    std::putchar('"');
    for (const char c : word) std::printf("\\x%02X", static_cast<unsigned char>(c));
    std::puts("\"");
  }
  for (const char* word : {"{\"id\":1,\"op\":\"diff\",\"expr\":\"", "\"wrt\":[\"x\"]",
                           "\"at\":[{\"x\":", "\"order\":"}) {
    std::putchar('"');
    for (const char* c = word; *c != 0; ++c) std::printf("\\x%02X", static_cast<unsigned char>(*c));
    std::puts("\"");
  }
}
