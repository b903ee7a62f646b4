#include "base/sha256.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#define HAS_INSTRUCTIONS 1
#else
#define HAS_INSTRUCTIONS 0
#endif

#define BLOCK 64

struct Sha256 {
	GChecksum *glib; /* NULL: the instructions are used */
	uint32_t state[8];
	uint8_t block[BLOCK]; /* the octets that do not fill one yet */
	size_t held;
	uint64_t length;
};

#if HAS_INSTRUCTIONS

/* FIPS 180-4 section 4.2.2 */
static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#define NEEDS __attribute__((target("sha,sse4.1,ssse3")))

static NEEDS __m128i
load(const void *at)
{
	return _mm_loadu_si128(at);
}

/* The words of a block are big-endian. */
static NEEDS __m128i
load_words(const uint8_t *at)
{
	const __m128i order =
		_mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);

	return _mm_shuffle_epi8(load(at), order);
}

/* One block: sixteen times four rounds, the schedule of the next four made on
 * the way (Intel's white paper on the SHA extensions, 2013). */
static NEEDS void
compress_block(__m128i *abef, __m128i *cdgh, const uint8_t *block)
{
	const __m128i before0 = *abef, before1 = *cdgh;
	__m128i state0 = before0, state1 = before1;
	__m128i m[4];

	for (int i = 0; i < 4; i++)
		m[i] = load_words(block + 16 * i);
#pragma GCC unroll 16
	for (int i = 0; i < 16; i++) {
		__m128i now = m[i & 3];
		__m128i sum = _mm_add_epi32(now, load(constants + 4 * i));

		state1 = _mm_sha256rnds2_epu32(state1, state0, sum);
		if (i >= 3 && i <= 14) {
			__m128i carry = _mm_alignr_epi8(now, m[(i + 3) & 3], 4);
			__m128i next = _mm_add_epi32(m[(i + 1) & 3], carry);

			m[(i + 1) & 3] = _mm_sha256msg2_epu32(next, now);
		}
		sum = _mm_shuffle_epi32(sum, 0x0e);
		state0 = _mm_sha256rnds2_epu32(state0, state1, sum);
		if (i >= 1 && i <= 12)
			m[(i + 3) & 3] =
				_mm_sha256msg1_epu32(m[(i + 3) & 3], now);
	}
	*abef = _mm_add_epi32(state0, before0);
	*cdgh = _mm_add_epi32(state1, before1);
}

/* The instructions want the state as ABEF and CDGH. */
static NEEDS void
compress(uint32_t *state, const uint8_t *blocks, size_t count)
{
	__m128i abcd = _mm_shuffle_epi32(load(state), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(load(state + 4), 0x1b);
	__m128i abef = _mm_alignr_epi8(abcd, efgh, 8);
	__m128i cdgh = _mm_blend_epi16(efgh, abcd, 0xf0);

	for (; count > 0; count--, blocks += BLOCK)
		compress_block(&abef, &cdgh, blocks);
	abef = _mm_shuffle_epi32(abef, 0x1b);
	cdgh = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)(void *)state,
	                 _mm_blend_epi16(abef, cdgh, 0xf0));
	_mm_storeu_si128((__m128i *)(void *)(state + 4),
	                 _mm_alignr_epi8(cdgh, abef, 8));
}

#define CPUID_SHA (1u << 29) /* leaf 7, EBX */

static bool
ask_processor(void)
{
	unsigned a, b, c, d;

	if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSE4_1) == 0)
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && b & CPUID_SHA;
}

/* Asked once: in a virtual machine the question is slow. */
static bool
has_instructions(void)
{
	static enum { NOT_ASKED, NO, YES } answer;

	if (answer == NOT_ASKED)
		answer = ask_processor() ? YES : NO;
	return answer == YES;
}

#else

static void
compress(uint32_t *state, const uint8_t *blocks, size_t count)
{
	(void)state;
	(void)blocks;
	(void)count;
}

static bool
has_instructions(void)
{
	return false;
}

#endif

Sha256 *
sha256_new(void)
{
	/* FIPS 180-4 section 5.3.3 */
	static const uint32_t first[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
		                           0xa54ff53a, 0x510e527f, 0x9b05688c,
		                           0x1f83d9ab, 0x5be0cd19 };
	Sha256 *sum = g_new0(Sha256, 1);

	memcpy(sum->state, first, sizeof first);
	if (!has_instructions())
		sum->glib = g_checksum_new(G_CHECKSUM_SHA256);
	return sum;
}

void
sha256_update(Sha256 *sum, const void *octets, size_t length)
{
	const uint8_t *at = octets;

	if (sum->glib != NULL) {
		g_checksum_update(sum->glib, at, (gssize)length);
		return;
	}
	sum->length += length;
	if (sum->held > 0) {
		size_t part = MIN(length, BLOCK - sum->held);

		memcpy(sum->block + sum->held, at, part);
		sum->held += part;
		at += part;
		length -= part;
		if (sum->held < BLOCK)
			return;
		compress(sum->state, sum->block, 1);
		sum->held = 0;
	}
	compress(sum->state, at, length / BLOCK);
	sum->held = length % BLOCK;
	if (sum->held > 0)
		memcpy(sum->block, at + length - sum->held, sum->held);
}

/* FIPS 180-4 section 5.1.1: a one, noughts, and the length in bits. */
static void
pad(Sha256 *sum)
{
	uint8_t padding[2 * BLOCK] = { 0x80 };
	uint64_t bits = GUINT64_TO_BE(sum->length * 8);
	size_t blocks = sum->held < BLOCK - 8 ? 1 : 2;
	size_t noughts = blocks * BLOCK - 8 - sum->held;

	memcpy(padding + noughts, &bits, sizeof bits);
	sha256_update(sum, padding, noughts + sizeof bits);
}

char *
sha256_finish(Sha256 *sum)
{
	GString *hex = g_string_sized_new(64);

	if (sum->glib != NULL) {
		g_string_append(hex, g_checksum_get_string(sum->glib));
		g_checksum_free(sum->glib);
	} else {
		pad(sum);
		for (int i = 0; i < 8; i++)
			g_string_append_printf(hex, "%08x", sum->state[i]);
	}
	g_free(sum);
	return g_string_free(hex, FALSE);
}

char *
sha256_hex(const void *octets, size_t length)
{
	Sha256 *sum = sha256_new();

	sha256_update(sum, octets, length);
	return sha256_finish(sum);
}
