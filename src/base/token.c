#include "base/token.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/io.h"

#define KEYS_MAX     32 /* as five bits of a token can name */
#define KEY_OCTETS   32
#define KEY_FILE_MAX 16384
#define MAC_BITS     100
#define MAC_CHARS    20 /* of five bits */
#define WEEK         INT64_C(604800)

typedef struct Key {
	guint8 secret[KEY_OCTETS];
	int64_t until; /* 0: no end */
	bool is_set;
} Key;

struct KeyRing {
	Key keys[KEYS_MAX];
	unsigned current;
};

/* ---- base32, lower case, no padding (RFC 4648 section 6) ---- */

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static int
value_of(char c)
{
	c = g_ascii_tolower(c);
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

typedef struct Bits {
	guint8 octets[25]; /* 195 bits, rounded up */
	unsigned at;
} Bits;

static void
bits_put(Bits *bits, unsigned count, uint64_t value)
{
	g_assert(bits->at + count <= sizeof bits->octets * 8);
	for (unsigned i = count; i-- > 0; bits->at++)
		if (value >> i & 1)
			bits->octets[bits->at / 8] |=
				(guint8)(0x80 >> bits->at % 8);
}

static uint64_t
bits_get(Bits *bits, unsigned count)
{
	uint64_t value = 0;

	g_assert(bits->at + count <= sizeof bits->octets * 8);
	for (unsigned i = 0; i < count; i++, bits->at++)
		value = value << 1 |
		        (bits->octets[bits->at / 8] >> (7 - bits->at % 8) & 1);
	return value;
}

static char *
to_base32(const guint8 *octets, unsigned chars)
{
	Bits bits = { .at = 0 };
	char *text = g_malloc0(chars + 1);

	memcpy(bits.octets, octets,
	       MIN(sizeof bits.octets, (chars * 5 + 7) / 8));
	for (unsigned i = 0; i < chars; i++)
		text[i] = alphabet[bits_get(&bits, 5)];
	return text;
}

/* constant time in where they differ; lengths are no secret */
static bool
equal_in_constant_time(const char *a, const char *b)
{
	size_t length = strlen(a);
	unsigned difference = 0;

	if (strlen(b) != length)
		return false;
	for (size_t i = 0; i < length; i++)
		difference |= (unsigned)(a[i] ^ g_ascii_tolower(b[i]));
	return difference == 0;
}

/* ---- keys ---- */

/* exactly: of a longer one, only the beginning would protect anything */
static bool
secret_from_hex(const char *hex, guint8 *secret)
{
	if (strlen(hex) != KEY_OCTETS * 2)
		return false;
	for (size_t i = 0; i < KEY_OCTETS; i++) {
		int high = g_ascii_xdigit_value(hex[i * 2]);
		int low = g_ascii_xdigit_value(hex[i * 2 + 1]);

		if (high < 0 || low < 0)
			return false;
		secret[i] = (guint8)(high << 4 | low);
	}
	return true;
}

static bool
read_key_line(KeyRing *ring, const char *line, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(line, " \t", 3);
	guint64 id;

	if (words[0] == NULL || words[1] == NULL ||
	    !g_ascii_string_to_unsigned(words[0], 10, 0, KEYS_MAX - 1, &id,
	                                NULL))
		return error_set(error, ERROR_CONFIG,
		                 "a key line is ID HEX [UNTIL], ID 0 to %d",
		                 KEYS_MAX - 1);
	Key *key = &ring->keys[id];
	if (key->is_set)
		return error_set(error, ERROR_CONFIG,
		                 "there is a key %s already", words[0]);
	if (!secret_from_hex(words[1], key->secret))
		return error_set(error, ERROR_CONFIG,
		                 "a key has %d hexadecimal digits",
		                 KEY_OCTETS * 2);
	if (words[2] != NULL && !instant_from_text(words[2], &key->until))
		return error_set(error, ERROR_CONFIG, "%s is not a time",
		                 words[2]);
	key->is_set = true;
	if (key->until == 0)
		ring->current = (unsigned)id;
	return true;
}

static bool
read_key_lines(KeyRing *ring, const char *text, const char *path,
               GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (unsigned i = 0; lines[i] != NULL; i++) {
		g_strstrip(lines[i]);
		if (lines[i][0] == '\0' || lines[i][0] == '#')
			continue;
		if (!read_key_line(ring, lines[i], error)) {
			g_prefix_error(error, "%s:%u: ", path, i + 1);
			return false;
		}
	}
	if (!ring->keys[ring->current].is_set ||
	    ring->keys[ring->current].until != 0)
		return error_set(error, ERROR_CONFIG,
		                 "%s: no key without an end to sign with",
		                 path);
	return true;
}

KeyRing *
keyring_load(const char *path, GError **error)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		error_set_errno(error, ERROR_CONFIG, "key %s", path);
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > KEY_FILE_MAX) {
		error_set(error, ERROR_CONFIG, "key %s: not a key file", path);
		return NULL;
	}
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		error_set(
			error, ERROR_CONFIG,
			"key %s: others than its owner may read it (chmod 600)",
			path);
		return NULL;
	}
	g_autoptr(GBytes) bytes = io_read_file(path, KEY_FILE_MAX, error);
	if (bytes == NULL)
		return NULL;
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *text = g_strndup(data == NULL ? "" : data, size);
	g_autoptr(KeyRing) ring = g_new0(KeyRing, 1);
	return read_key_lines(ring, text, path, error) ? g_steal_pointer(&ring)
	                                               : NULL;
}

void
keyring_free(KeyRing *ring)
{
	if (ring == NULL)
		return;
	explicit_bzero(ring, sizeof *ring);
	g_free(ring);
}

char *
keyring_generate(void)
{
	guint8 secret[KEY_OCTETS];
	GString *text =
		g_string_new("# Postigo's keys: ID HEX [UNTIL].  Whoever "
	                     "has them can write to every ticket.\n0 ");

	/* getrandom gives up to 256 octets whole or not at all */
	if (getrandom(secret, sizeof secret, 0) != (gssize)sizeof secret)
		g_error("no random numbers");
	for (size_t i = 0; i < sizeof secret; i++)
		g_string_append_printf(text, "%02x", secret[i]);
	g_string_append_c(text, '\n');
	return g_string_free(text, FALSE);
}

static void
mac_of(const Key *key, const char *use, const char *text, guint8 *out_mac)
{
	g_autoptr(GHmac) hmac =
		g_hmac_new(G_CHECKSUM_SHA256, key->secret, sizeof key->secret);
	gsize size = 32;

	/* the NUL between them belongs to what is signed */
	g_hmac_update(hmac, (const guchar *)use, (gssize)strlen(use) + 1);
	g_hmac_update(hmac, (const guchar *)text, (gssize)strlen(text));
	g_hmac_get_digest(hmac, out_mac, &size);
}

static char *
sign_with(const Key *key, const char *use, const char *text)
{
	guint8 mac[32];

	mac_of(key, use, text, mac);
	return to_base32(mac, MAC_CHARS);
}

char *
keyring_sign(const KeyRing *ring, const char *use, const char *text)
{
	return sign_with(&ring->keys[ring->current], use, text);
}

static bool
key_is_alive(const Key *key, int64_t now)
{
	return key->is_set && (key->until == 0 || now < key->until);
}

bool
keyring_verify(const KeyRing *ring, const char *use, const char *text,
               const char *mac)
{
	int64_t now = clock_now();

	for (unsigned i = 0; i < KEYS_MAX; i++) {
		if (!key_is_alive(&ring->keys[i], now))
			continue;
		g_autofree char *good = sign_with(&ring->keys[i], use, text);
		if (equal_in_constant_time(good, mac))
			return true;
	}
	return false;
}

/* ---- reply tokens ---- */

/* ver(3) key(5) ticket(32) principal(32) scope(4) expiry-week(16) mac(100) */

#define TOKEN_VERSION 1u
#define TOKEN_USE     "reply-token"

static char *
signed_text(const ReplyToken *token, unsigned key, unsigned week,
            const char *domain, uint32_t epoch)
{
	g_autofree char *folded = g_ascii_strdown(domain, -1);

	return g_strdup_printf("%u %u %u %u %d %u %u %s", TOKEN_VERSION, key,
	                       token->ticket, token->principal,
	                       (int)token->scope, week, epoch, folded);
}

char *
token_write(const KeyRing *ring, const ReplyToken *token, const char *domain,
            uint32_t epoch)
{
	unsigned week = (unsigned)CLAMP((token->expires_at + WEEK - 1) / WEEK,
	                                0, 0xffff);
	g_autofree char *text =
		signed_text(token, ring->current, week, domain, epoch);
	guint8 mac[32];
	Bits bits = { .at = 0 };

	mac_of(&ring->keys[ring->current], TOKEN_USE, text, mac);
	bits_put(&bits, 3, TOKEN_VERSION);
	bits_put(&bits, 5, ring->current);
	bits_put(&bits, 32, token->ticket);
	bits_put(&bits, 32, token->principal);
	bits_put(&bits, 4, (uint64_t)token->scope);
	bits_put(&bits, 16, week);
	for (unsigned i = 0; i < MAC_BITS; i++)
		bits_put(&bits, 1, mac[i / 8] >> (7 - i % 8) & 1);
	return to_base32(bits.octets, TOKEN_LENGTH);
}

static bool
unpack(const char *text, Bits *bits)
{
	if (strlen(text) != TOKEN_LENGTH)
		return false;
	for (unsigned i = 0; i < TOKEN_LENGTH; i++) {
		int value = value_of(text[i]);

		if (value < 0)
			return false;
		bits_put(bits, 5, (uint64_t)value);
	}
	bits->at = 0;
	return bits_get(bits, 3) == TOKEN_VERSION;
}

static unsigned
get_fields(Bits *bits, ReplyToken *token, unsigned *out_key)
{
	*out_key = (unsigned)bits_get(bits, 5);
	token->ticket = (uint32_t)bits_get(bits, 32);
	token->principal = (uint32_t)bits_get(bits, 32);
	token->scope = (TokenScope)bits_get(bits, 4);
	unsigned week = (unsigned)bits_get(bits, 16);
	token->expires_at = (int64_t)week * WEEK;
	return week;
}

bool
token_peek(const char *text, ReplyToken *out_token)
{
	Bits bits = { .at = 0 };
	unsigned key;

	if (!unpack(text, &bits))
		return false;
	get_fields(&bits, out_token, &key);
	return true;
}

TokenVerdict
token_read(const KeyRing *ring, const char *text, const char *domain,
           uint32_t epoch, int64_t now, ReplyToken *out_token)
{
	Bits bits = { .at = 0 };
	ReplyToken token;
	unsigned key;

	if (!unpack(text, &bits))
		return TOKEN_NONE;
	unsigned week = get_fields(&bits, &token, &key);
	if (!key_is_alive(&ring->keys[key], now))
		return TOKEN_BAD;
	/* the three spare bits are compared too: a token has one spelling */
	g_autofree char *to_sign =
		signed_text(&token, key, week, domain, epoch);
	guint8 mac[32];
	mac_of(&ring->keys[key], TOKEN_USE, to_sign, mac);
	unsigned difference = 0;
	for (unsigned i = 0; i < MAC_BITS; i++)
		difference |= (unsigned)bits_get(&bits, 1) ^
		              ((unsigned)mac[i / 8] >> (7 - i % 8) & 1u);
	difference |= (unsigned)bits_get(&bits, 3);
	if (difference != 0)
		return TOKEN_BAD;
	*out_token = token;
	return now < token.expires_at ? TOKEN_GOOD : TOKEN_EXPIRED;
}

/* ---- signed names ---- */

#define NAME_USE "name"

static char *
name_text(NameKind kind, int64_t ticket, int64_t seq)
{
	return g_strdup_printf("%c.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
	                       (char)kind, ticket, seq);
}

static char *
name_to_sign(const char *name, const char *domain)
{
	g_autofree char *folded = g_ascii_strdown(domain, -1);

	return g_strconcat(name, "@", folded, NULL);
}

char *
name_write(const KeyRing *ring, NameKind kind, int64_t ticket, int64_t seq,
           const char *domain)
{
	g_autofree char *name = name_text(kind, ticket, seq);
	g_autofree char *to_sign = name_to_sign(name, domain);
	g_autofree char *mac = keyring_sign(ring, NAME_USE, to_sign);

	return g_strconcat(name, ".", mac, NULL);
}

/* a decimal without sign or leading zero, so that a name has one spelling */
static bool
take_number(const char **at, int64_t *out_number)
{
	const char *p = *at;
	int64_t number = 0;

	if (!g_ascii_isdigit(*p) || (*p == '0' && g_ascii_isdigit(p[1])))
		return false;
	for (; g_ascii_isdigit(*p); p++) {
		if (p - *at >= 18)
			return false;
		number = number * 10 + (*p - '0');
	}
	*at = p;
	*out_number = number;
	return true;
}

static bool
take_mac(const char **at, char *out_mac)
{
	for (unsigned i = 0; i < MAC_CHARS; i++) {
		if (value_of((*at)[i]) < 0)
			return false;
		out_mac[i] = (*at)[i];
	}
	out_mac[MAC_CHARS] = '\0';
	*at += MAC_CHARS;
	return value_of(**at) < 0;
}

/* the shape alone; *at stands behind it afterwards */
static bool
take_name(const char **at, SignedName *name, char *mac)
{
	const char *p = *at;
	char kind = g_ascii_tolower(*p);

	if ((kind != NAME_POST && kind != NAME_THREAD && kind != NAME_VERP) ||
	    p[1] != '.')
		return false;
	p += 2;
	if (!take_number(&p, &name->ticket) || *p++ != '.' ||
	    !take_number(&p, &name->seq) || *p++ != '.' || !take_mac(&p, mac))
		return false;
	name->kind = (NameKind)kind;
	*at = p;
	return true;
}

static bool
name_is_ours(const KeyRing *ring, const SignedName *name, const char *mac,
             const char *domain)
{
	g_autofree char *text = name_text(name->kind, name->ticket, name->seq);
	g_autofree char *to_sign = name_to_sign(text, domain);

	return keyring_verify(ring, NAME_USE, to_sign, mac);
}

bool
name_read(const KeyRing *ring, const char *text, const char *domain,
          SignedName *out_name)
{
	char mac[MAC_CHARS + 1];
	SignedName name;
	const char *at = text;

	if (!take_name(&at, &name, mac))
		return false;
	if (*at == '@' ? g_ascii_strcasecmp(at + 1, domain) != 0 : *at != '\0')
		return false;
	if (!name_is_ours(ring, &name, mac, domain))
		return false;
	*out_name = name;
	return true;
}

bool
name_find(const KeyRing *ring, NameKind kind, const char *text,
          const char *domain, SignedName *out_name)
{
	char mac[MAC_CHARS + 1];
	SignedName name;
	char before = ' ';

	unsigned tried = 0;

	for (const char *at = text; *at != '\0' && tried < NAMES_TRIED_MAX;) {
		const char *end = at;

		if (!g_ascii_isalnum(before) && take_name(&end, &name, mac) &&
		    name.kind == kind) {
			if (name_is_ours(ring, &name, mac, domain)) {
				*out_name = name;
				return true;
			}
			tried++;
		}
		before = *at++;
	}
	return false;
}
