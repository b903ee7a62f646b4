#include "message/crypto.h"

#include <string.h>

#include "message/attach.h"
#include "message/param.h"

/* ---- BER, as much of it as a CMS wrapper needs (X.690 section 8) ---- */

typedef struct Ber {
	const guint8 *at;
	gsize left;
} Ber;

typedef struct BerValue {
	guint8 tag; /* one octet: no tag of CMS needs more */
	Ber inside; /* for an indefinite length, all that is left */
	bool is_indefinite;
} BerValue;

#define BER_SEQUENCE           0x30
#define BER_SET                0x31
#define BER_OID                0x06
#define BER_OCTETS             0x04
#define BER_OCTETS_CONSTRUCTED 0x24
#define BER_EXPLICIT_0         0xa0

static bool
read_length(Ber *ber, gsize *length, bool *is_indefinite)
{
	if (ber->left == 0)
		return false;
	guint8 first = *ber->at++;
	ber->left--;
	*length = first & 0x7f;
	*is_indefinite = first == 0x80;
	if (first < 0x80 || *is_indefinite)
		return true;
	unsigned octets = first & 0x7f;
	if (octets > 4 || octets > ber->left)
		return false;
	*length = 0;
	for (; octets > 0; octets--, ber->left--)
		*length = *length << 8 | *ber->at++;
	return true;
}

/* Reads the head of a value; ber is behind the whole value then, or, if its
 * length is indefinite, at its first octet. */
static bool
read_value(Ber *ber, BerValue *value)
{
	gsize length;

	if (ber->left < 2)
		return false;
	value->tag = *ber->at++;
	ber->left--;
	if (!read_length(ber, &length, &value->is_indefinite))
		return false;
	/* a cut wrapper still gives what is there */
	if (value->is_indefinite || length > ber->left)
		length = ber->left;
	value->inside = (Ber){ ber->at, length };
	if (!value->is_indefinite) {
		ber->at += length;
		ber->left -= length;
	}
	return true;
}

static bool
enter(Ber *ber, guint8 tag, Ber *inside)
{
	BerValue value;

	if (!read_value(ber, &value) || value.tag != tag)
		return false;
	*inside = value.inside;
	return true;
}

/* An octet string in one piece or in many.  Returns false at an end of
 * contents, or what is none. */
static bool
append_octets(Ber *ber, GString *out, int depth)
{
	BerValue value;

	if (!read_value(ber, &value))
		return false;
	if (value.tag == BER_OCTETS) {
		g_string_append_len(out, (const char *)value.inside.at,
		                    (gssize)value.inside.left);
		return true;
	}
	if (value.tag != BER_OCTETS_CONSTRUCTED || depth == 0)
		return false;
	while (append_octets(&value.inside, out, depth - 1))
		;
	if (value.is_indefinite)
		*ber = value.inside;
	return true;
}

/* ---- CMS ---- */

/* 1.2.840.113549.1.7.x */
static const guint8 pkcs7_oid[] = { 0x2a, 0x86, 0x48, 0x86,
	                            0xf7, 0x0d, 0x01, 0x07 };

typedef enum CmsKind {
	CMS_NONE,
	CMS_SIGNED = 2,
	CMS_ENVELOPED = 3,
	CMS_SIGNED_AND_ENVELOPED = 4,
	CMS_ENCRYPTED = 6,
} CmsKind;

/* ContentInfo: SEQUENCE { OID, [0] EXPLICIT content } */
static CmsKind
read_content_info(Ber ber, Ber *content)
{
	Ber info, oid;

	if (!enter(&ber, BER_SEQUENCE, &info) || !enter(&info, BER_OID, &oid) ||
	    oid.left != sizeof pkcs7_oid + 1 ||
	    memcmp(oid.at, pkcs7_oid, sizeof pkcs7_oid) != 0)
		return CMS_NONE;
	*content = info;
	return (CmsKind)oid.at[sizeof pkcs7_oid];
}

/* SignedData: SEQUENCE { version, SET digestAlgorithms, SEQUENCE { OID, [0]
 * EXPLICIT OCTET STRING } ... } */
GString *
crypto_signed_content(const char *octets, gsize length)
{
	Ber ber = { (const guint8 *)octets, length };
	Ber content, data, set, encapsulated, explicit, oid;
	BerValue version;

	if (read_content_info(ber, &content) != CMS_SIGNED ||
	    !enter(&content, BER_EXPLICIT_0, &data) ||
	    !enter(&data, BER_SEQUENCE, &data) ||
	    !read_value(&data, &version) || !enter(&data, BER_SET, &set) ||
	    !enter(&data, BER_SEQUENCE, &encapsulated) ||
	    !enter(&encapsulated, BER_OID, &oid) ||
	    !enter(&encapsulated, BER_EXPLICIT_0, &explicit))
		return NULL;
	GString *out = g_string_new(NULL);
	if (append_octets(&explicit, out, CRYPTO_DEPTH_MAX) && out->len > 0)
		return out;
	g_string_free(out, TRUE);
	return NULL;
}

static bool
has_extension(const MimePart *part, const char *extension)
{
	g_autofree char *name = attach_name_of(part, NULL);

	if (name == NULL)
		return false;
	g_autofree char *lower = g_ascii_strdown(name, -1);
	return g_str_has_suffix(lower, extension);
}

/* Mailers and gateways send "smime.p7m" under any type. */
static bool
is_pkcs7(const MimePart *part)
{
	return mime_is(part, "application/pkcs7-mime") ||
	       mime_is(part, "application/x-pkcs7-mime") ||
	       (mime_is(part, "application/octet-stream") &&
	        has_extension(part, ".p7m"));
}

static CmsKind
kind_by_content(const MimePart *part)
{
	Slice head = { part->body.at, MIN(part->body.length, (gsize)256) };
	GString *octets = decode_all_octets(head, part->encoding);
	Ber ber = { (const guint8 *)octets->str, octets->len };
	Ber content;
	CmsKind kind = read_content_info(ber, &content);

	g_string_free(octets, TRUE);
	return kind;
}

/* The content tells; where it is cut or broken, the field does. */
static CmsKind
kind_of(const MimePart *part)
{
	CmsKind kind = kind_by_content(part);

	if (kind != CMS_NONE)
		return kind;
	g_autofree char *type = param_text(mime_field(part, "Content-Type"),
	                                   "smime-type", NULL);
	if (type == NULL)
		return CMS_NONE;
	if (g_ascii_strcasecmp(type, "signed-data") == 0)
		return CMS_SIGNED;
	return g_str_has_suffix(type, "enveloped-data") ? CMS_ENVELOPED
	                                                : CMS_NONE;
}

void
crypto_open(MimeTree *tree, MimePart *part)
{
	unsigned count = part->children->len;

	for (unsigned i = 0; i < count; i++)
		crypto_open(tree, g_ptr_array_index(part->children, i));
	if (count > 0 || !is_pkcs7(part) || kind_of(part) != CMS_SIGNED ||
	    part->level >= MAIL_LEVELS_MAX)
		return;
	GString *octets = mime_decoded(part);
	GString *content = crypto_signed_content(octets->str, octets->len);
	g_string_free(octets, TRUE);
	if (content != NULL)
		crypto_open(tree, mime_add_child(tree, part, content));
}

/* ---- states ---- */

typedef struct TypeState {
	const char *type;
	MailCrypto is_signed;
	MailCrypto is_encrypted;
} TypeState;

/* What the presence of a part says; RFC 3156, RFC 8551. */
static const TypeState states[] = {
	{ "application/pgp-signature", CRYPTO_PGP, CRYPTO_NONE },
	{ "application/pgp-encrypted", CRYPTO_NONE, CRYPTO_PGP },
	{ "application/pkcs7-signature", CRYPTO_SMIME, CRYPTO_NONE },
	{ "application/x-pkcs7-signature", CRYPTO_SMIME, CRYPTO_NONE },
};

static void
add_state(Mail *mail, MailCrypto is_signed, MailCrypto is_encrypted)
{
	if (mail->is_signed == CRYPTO_NONE)
		mail->is_signed = is_signed;
	if (mail->is_encrypted == CRYPTO_NONE)
		mail->is_encrypted = is_encrypted;
}

static void
state_of_pkcs7(Mail *mail, const MimePart *part)
{
	CmsKind kind = kind_of(part);

	/* a p7m of which nothing can be read is more likely sealed than not */
	if (kind == CMS_SIGNED)
		add_state(mail, CRYPTO_SMIME, CRYPTO_NONE);
	else
		add_state(mail, CRYPTO_NONE, CRYPTO_SMIME);
}

static void
state_of_multipart(Mail *mail, const MimePart *part)
{
	g_autofree char *protocol =
		param_text(mime_field(part, "Content-Type"), "protocol", NULL);

	if (protocol == NULL)
		return;
	g_autofree char *lower = g_ascii_strdown(protocol, -1);
	MailCrypto crypto =
		strstr(lower, "pkcs7") != NULL ? CRYPTO_SMIME : CRYPTO_PGP;
	if (mime_is(part, "multipart/signed"))
		add_state(mail, crypto, CRYPTO_NONE);
	else if (mime_is(part, "multipart/encrypted"))
		add_state(mail, CRYPTO_NONE, crypto);
}

static bool
is_ascii_armour(const MimePart *part, const char *extension)
{
	return mime_is_leaf(part) && has_extension(part, extension);
}

void
crypto_states(Mail *mail, const MimePart *part)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(states); i++)
		if (mime_is(part, states[i].type))
			add_state(mail, states[i].is_signed,
			          states[i].is_encrypted);
	if (mime_is_a(part, "multipart/"))
		state_of_multipart(mail, part);
	else if (is_pkcs7(part))
		state_of_pkcs7(mail, part);
	else if (is_ascii_armour(part, ".pgp") || is_ascii_armour(part, ".gpg"))
		add_state(mail, CRYPTO_NONE, CRYPTO_PGP);
	/* an attached mail speaks for itself only */
	if (mime_is_a(part, "message/") && part->parent != NULL)
		return;
	for (unsigned i = 0; i < part->children->len; i++)
		crypto_states(mail, g_ptr_array_index(part->children, i));
}

/* ---- armour ---- */

static const char begin_message[] = "-----BEGIN PGP MESSAGE-----";
static const char begin_signed[] = "-----BEGIN PGP SIGNED MESSAGE-----";
static const char begin_signature[] = "-----BEGIN PGP SIGNATURE-----";
static const char end_signature[] = "-----END PGP SIGNATURE-----";

static const char *
find_line(const char *text, const char *line)
{
	const char *at = text;

	while ((at = strstr(at, line)) != NULL) {
		if (at == text || at[-1] == '\n')
			return at;
		at++;
	}
	return NULL;
}

static const char *
next_line(const char *at)
{
	at += strcspn(at, "\n");
	return *at == '\n' ? at + 1 : at;
}

/* RFC 4880 section 7.1: "- " before lines that begin with a dash */
static void
append_unescaped(GString *out, const char *from, const char *to)
{
	while (from < to) {
		const char *next = next_line(from);

		if (from[0] == '-' && from[1] == ' ')
			from += 2;
		next = MIN(next, to);
		g_string_append_len(out, from, next - from);
		from = next;
	}
}

/* at is on the first line of a signed message; returns what is behind it */
static const char *
append_signed(GString *out, const char *at)
{
	at = next_line(at);
	/* "Hash: SHA256" and such, then a blank line */
	while (*at != '\0' && *at != '\n')
		at = next_line(at);
	at = next_line(at);
	const char *signature = find_line(at, begin_signature);
	if (signature == NULL)
		signature = at + strlen(at);
	append_unescaped(out, at, signature);
	const char *end = find_line(signature, end_signature);
	return end == NULL ? at + strlen(at) : next_line(end);
}

char *
crypto_strip_armour(Mail *mail, const char *text)
{
	GString *out = g_string_new(NULL);
	const char *at = text;
	const char *begin;

	if (find_line(text, begin_message) != NULL)
		add_state(mail, CRYPTO_NONE, CRYPTO_PGP);
	while ((begin = find_line(at, begin_signed)) != NULL) {
		add_state(mail, CRYPTO_PGP, CRYPTO_NONE);
		g_string_append_len(out, at, begin - at);
		at = append_signed(out, begin);
	}
	g_string_append(out, at);
	return g_string_free(out, FALSE);
}
