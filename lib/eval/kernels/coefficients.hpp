#pragma once

// The numbers of the kernels. Written by derive.sollya; see there.

#include <array>

// clang-format off
namespace nabla::kernel {

inline constexpr double sixteen_by_log2 = 0x1.71547652b82fep4;
inline constexpr double log2_by_sixteen_high = 0x1.62e42fefa4p-5;
inline constexpr double log2_by_sixteen_low = -0x1.8432a1b0e2634p-47;
alignas(64) inline constexpr double exp2_high[16] = {0x1p0, 0x1.0b5586cf9890fp0, 0x1.172b83c7d517bp0, 0x1.2387a6e756238p0, 0x1.306fe0a31b715p0, 0x1.3dea64c123422p0, 0x1.4bfdad5362a27p0, 0x1.5ab07dd485429p0, 0x1.6a09e667f3bcdp0, 0x1.7a11473eb0187p0, 0x1.8ace5422aa0dbp0, 0x1.9c49182a3f09p0, 0x1.ae89f995ad3adp0, 0x1.c199bdd85529cp0, 0x1.d5818dcfba487p0, 0x1.ea4afa2a490dap0};
alignas(64) inline constexpr double exp2_low[16] = {0, 0x1.79aa65d837b6dp-54, -0x1.01b15eaa59348p-55, 0x1.68efde3a8a894p-54, 0x1.34d754db0abb6p-55, 0x1.59f48a72a4c6dp-55, 0x1.690cebb7aafbp-56, 0x1.063e1e21c5409p-54, -0x1.3b3efbf5e2228p-54, -0x1.b32dcb94da51dp-56, 0x1.db72fc1f0eab4p-55, 0x1.1affc2b91ce27p-56, 0x1.c1a7792cb3387p-55, 0x1.36eae30af0cb3p-56, 0x1.4a385a63d07a7p-56, -0x1.ff7128fd391fp-55};
// relative error 2^-50.2
inline constexpr auto exp_poly = std::to_array<double>({0x1.fffffffffffecp-2, 0x1.55555554af2a1p-3, 0x1.5555555675347p-5, 0x1.111227f834c58p-7, 0x1.6c169637938fap-10});
// relative error 2^-59.7
inline constexpr auto expm1_poly = std::to_array<double>({0x1.0000000000003p-1, 0x1.5555555555551p-3, 0x1.55555554a04e9p-5, 0x1.11111111521e9p-7, 0x1.6c1829140ca22p-10, 0x1.a01a6dac014d3p-13});
inline constexpr double log2_high = 0x1.62e42fefa38p-1;
inline constexpr double log2_low = 0x1.ef35793c7673p-45;
alignas(64) inline constexpr double log_inverse[16] = {0x1.745d1817d7befp0, 0x1.642c8600f8e6dp0, 0x1.55555618926cp0, 0x1.47ae1416a09e6p0, 0x1.3b13b220813b9p0, 0x1.2f684c12bd033p0, 0x1.24924a02a12a7p0, 0x1.1a7b963e2e635p0, 0x1.11111227f93fdp0, 0x1.0842100c876fbp0, 0x1p0, 0x1.e1e1e21b2dee4p-1, 0x1.c71c725e16e2bp-1, 0x1.af286c6939f0ap-1, 0x1.99999a041c2ccp-1, 0x1.86186214051c2p-1};
alignas(64) inline constexpr double log_value[16] = {-0x1.7fafa5ff129e3p-2, -0x1.522ae1b655d4ep-2, -0x1.2696235d04fc8p-2, -0x1.f991c458a7151p-3, -0x1.a93ed99bf59f4p-3, -0x1.5bf40833bfb08p-3, -0x1.1178ee34e66e8p-3, -0x1.9335e85b35386p-4, -0x1.08599bb17e554p-4, -0x1.0415ca22dac75p-5, 0, 0x1.f0a3083309586p-5, 0x1.e2707193e1371p-4, 0x1.5ff30416a606dp-3, 0x1.c8ff7a651cc2ap-3, 0x1.1675c9462cf75p-2};
// relative error 2^-56.2
inline constexpr auto log1p_poly = std::to_array<double>({-0x1.fffffffffffc4p-2, 0x1.5555555555748p-2, -0x1.00000000c82bap-2, 0x1.999999939801bp-3, -0x1.55553f0e428a3p-3, 0x1.24926e76d4091p-3, -0x1.00751df307da6p-3, 0x1.c6e75b67fd95ep-4});
// relative error 2^-62.1
inline constexpr auto log1p_cubic_poly = std::to_array<double>({0x1.55555555554e9p-2, -0x1.00000000002bfp-2, 0x1.9999999ba6b93p-3, -0x1.5555554e4839ap-3, 0x1.2492309cc8fd8p-3, -0x1.000026a271287p-3, 0x1.c802e97910b2dp-4, -0x1.996a7754cdef1p-4});
// relative error 2^-22.5
inline constexpr auto cbrt_poly = std::to_array<double>({0x1.910815802b1p-2, 0x1.3d0f1d1d5ac1bp0, -0x1.4ade4270959f2p0, 0x1.1cdb38b0699dcp0, -0x1.3ddf386a192c6p-1, 0x1.94cad6526ca93p-3, -0x1.bdf5a9d474989p-6});
inline constexpr double cbrt_two = 0x1.428a2f98d728bp0;
inline constexpr double cbrt_four = 0x1.965fea53d6e3dp0;
// relative error 2^-56.4
inline constexpr auto erf_poly = std::to_array<double>({0x1.20dd750429b6d2p0, -0x1.812746b037a03p-2, 0x1.ce2f21a043c63p-4, -0x1.b82ce312d05f3p-6, 0x1.565bcd1950c74p-8, -0x1.c02db60d38bdp-11, 0x1.f9a3677c28385p-14, -0x1.f4d7aed3e1ed3p-17, 0x1.ba32bf605dba7p-20, -0x1.6244b4f16084p-23, 0x1.0f44e3f889ffbp-26, -0x1.c3320ee0fee5cp-30, 0x1.5ca7eb3831d3ep-33});
// relative error 2^-50.5
inline constexpr auto erfcx_poly = std::to_array<double>({0x1.058671b52c774p-2, -0x1.b57034efd3f63p-2, 0x1.eeea7dc8a80cfp-3, -0x1.437f0b68c5325p-4, 0x1.e947158b4e54p-9, 0x1.ca95ed69e9c12p-8, -0x1.bc259d74fda6bp-11, -0x1.016b6946fb8e9p-10, 0x1.6d577b166bd2dp-15, 0x1.6db0457112d8bp-13, 0x1.ce492f3a98997p-16, -0x1.d0b5c8ca8df05p-16, -0x1.d815624f49226p-17, 0x1.07a1cba66ea0dp-19, 0x1.fd41e6230796ep-19});
inline constexpr double one_by_pi = 0x1.45f306dc9c883p-2;
inline constexpr double pi_high = 0x1.921fb544p1;
inline constexpr double pi_middle = 0x1.0b4611a6p-33;
inline constexpr double pi_low = 0x1.3198a2e037073p-68;
inline constexpr double two_by_pi = 0x1.45f306dc9c883p-1;
// relative error 2^-61.6
inline constexpr auto sin_poly = std::to_array<double>({-0x1.5555555555555p-3, 0x1.11111111110c9p-7, -0x1.a01a01a014eb4p-13, 0x1.71de3a52aa9cp-19, -0x1.ae6454d94c551p-26, 0x1.6123ce4a84ea1p-33, -0x1.ae43da7b60a76p-41, 0x1.883bd9a070766p-49});
// relative error 2^-57.9
inline constexpr auto sin_quarter_poly = std::to_array<double>({-0x1.5555555555548p-3, 0x1.111111110f75ep-7, -0x1.a01a019bf2523p-13, 0x1.71de355f3628cp-19, -0x1.ae5e549c421c4p-26, 0x1.5d8e4234a0139p-33});
// relative error 2^-64
inline constexpr auto cos_quarter_poly = std::to_array<double>({0x1.555555555554bp-5, -0x1.6c16c16c15017p-10, 0x1.a01a019c8f66bp-16, -0x1.27e4f7f1c1054p-22, 0x1.1ee9dbec7010ap-29, -0x1.8fa6917123386p-37});
// relative error 2^-59.5
inline constexpr auto atan_poly = std::to_array<double>({-0x1.555555555553dp-2, 0x1.9999999995865p-3, -0x1.24924922ad1d9p-3, 0x1.c71c70e5eb02ep-4, -0x1.745cf8d76cb86p-4, 0x1.3b1118b799437p-4, -0x1.10ebb36a523c3p-4, 0x1.df0f0023011fcp-5, -0x1.9cd15b3596494p-5, 0x1.37d201b1c0f3cp-5, -0x1.256226d555f78p-6});
// relative error 2^-55.9
inline constexpr auto asin_poly = std::to_array<double>({0x1.555555555538ep-3, 0x1.333333336ec3dp-4, 0x1.6db6db424bab2p-5, 0x1.f1c72c48e69cdp-6, 0x1.6e89f2b076866p-6, 0x1.1c6bfa1bc577p-6, 0x1.c6fbce60e35efp-7, 0x1.8ed02b053074cp-7, 0x1.ab5a5a0be6e54p-8, 0x1.4046a166cd6b9p-6, -0x1.0a569c41a84c3p-6, 0x1.059b65564f755p-5});
inline constexpr double half_pi_high = 0x1.921fb54442d18p0;
inline constexpr double half_pi_low = 0x1.1a62633145c07p-54;
inline constexpr double quarter_pi_high = 0x1.921fb54442d18p-1;
inline constexpr double quarter_pi_low = 0x1.1a62633145c07p-55;

}  // namespace nabla::kernel
// clang-format on
