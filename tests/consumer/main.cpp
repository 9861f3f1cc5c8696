#include <nabla/nabla.hpp>

int main() { return 0; }
