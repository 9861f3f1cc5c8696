#include "bench/peers/peers.hpp"

namespace nabla::peers {

Peer ginac();
Peer symengine();
Peer casadi();
Peer adolc();

std::vector<Peer> all() {
  return {
#ifdef NABLA_HAS_GINAC
      ginac(),
#endif
#ifdef NABLA_HAS_SYMENGINE
      symengine(),
#endif
#ifdef NABLA_HAS_CASADI
      casadi(),
#endif
#ifdef NABLA_HAS_ADOLC
      adolc(),
#endif
  };
}

}  // namespace nabla::peers
