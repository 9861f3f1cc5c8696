// Part of every test program: with NABLA_TEST_LOCALE=de_DE.UTF-8 its tests run in that locale, of C
// and of C++, and have to say the same.

#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <locale>

namespace nabla {
namespace {

class TestLocale : public testing::Environment {
 public:
  void SetUp() override {
    const char* const name = std::getenv("NABLA_TEST_LOCALE");
    if (!name || !*name) return;
    std::locale::global(std::locale(name));
    ASSERT_STREQ(std::setlocale(LC_ALL, nullptr), name);
  }
};

const testing::Environment* const environment = testing::AddGlobalTestEnvironment(new TestLocale);

}  // namespace
}  // namespace nabla
