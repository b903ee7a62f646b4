/* What the desk knows of a mail, as a value.
 *
 * message/ makes it from octets; nobody writes on it afterwards.  Every string
 * is valid UTF-8 without controls (text_clean_line for one-line fields,
 * text_clean_block for bodies) and belongs to the Mail: it lives as long as the
 * Mail does.  NULL means absent; the arrays are never NULL.  The raw octets are
 * not here: they are kept as they came, by their sha256. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* Limits of design section 19; what exceeds is kept raw and warned of. */
#define MAIL_FIELDS_MAX        2000
#define MAIL_FIELD_OCTETS_MAX  65536
#define MAIL_HEADER_OCTETS_MAX 1048576
#define MAIL_ADDRESSES_MAX     500
#define MAIL_REFERENCES_MAX    100
#define MAIL_LEVELS_MAX        50
#define MAIL_PARTS_MAX         1000
#define MAIL_TEXT_OCTETS_MAX   1048576

typedef enum MailClass {
	MAIL_PERSON,
	MAIL_LIST,
	MAIL_AUTOMATIC,  /* a machine, but nobody's answer: alerts, newsletters
	                  */
	MAIL_AUTO_REPLY, /* out of office, another desk's acknowledgement */
	MAIL_BOUNCE,     /* delivery report, failed or delayed or delivered */
	MAIL_RECEIPT,    /* MDN (RFC 8098), calendar reply */
	MAIL_COMPLAINT,  /* ARF (RFC 5965) */
	MAIL_OWN,        /* our own mail has come back */
} MailClass;

/* "person", "list", "automatic", "auto-reply" ...: the names of the contract */
const char *mail_class_name(MailClass class);
bool mail_class_from_name(const char *name, MailClass *out_class);

typedef enum ReportAction { /* RFC 3464 section 2.3.3 */
	                    REPORT_FAILED,
	                    REPORT_DELAYED,
	                    REPORT_DELIVERED,
	                    REPORT_RELAYED,
	                    REPORT_EXPANDED,
	                    REPORT_UNKNOWN,
} ReportAction;

const char *report_action_name(ReportAction action);

typedef enum MailCrypto { CRYPTO_NONE, CRYPTO_PGP, CRYPTO_SMIME } MailCrypto;

/* NULL for CRYPTO_NONE, "pgp", "smime" */
const char *mail_crypto_name(MailCrypto crypto);

typedef struct MailAddress {
	const char *name;    /* decoded display name, "" if none */
	const char *address; /* addr-spec, domain in lower case */
} MailAddress;

/* All fields in the order they stand, the top one first. */
typedef struct MailField {
	const char *name;  /* as written */
	const char *value; /* decoded, unfolded, one line */
} MailField;

typedef struct MailAttachment {
	const char
		*name; /* safe and unique in this mail; NULL if it has none */
	const char *type; /* "image/png", lower case */
	int64_t size;     /* of the decoded octets, as the digest */
	const char *sha256;
	const char *disposition; /* "attachment", "inline" or NULL */
	const char *content_id;  /* without <> or NULL */
} MailAttachment;

typedef struct ReportRecipient {
	const char *address;
	ReportAction action;
	const char *status;     /* "5.1.1" or NULL */
	const char *code;       /* SMTP code "550" or NULL */
	int permanent;          /* 1, 0, or -1: cannot say */
	const char *reason;     /* our word: "user-unknown" ..., or NULL */
	const char *diagnostic; /* theirs, or NULL */
} ReportRecipient;

typedef struct MailReport {
	ReportAction action;
	const char *original_message_id; /* without <>, or NULL */
	const char *envelope_id;         /* ENVID (RFC 3461), or NULL */
	GArray *recipients;              /* of ReportRecipient */
} MailReport;

typedef struct MailForwarded {
	const char *before;   /* the forwarder's own words */
	const char *embedded; /* the mail that was forwarded */
	const char *from;     /* of the first embedded header block, or NULL */
	const char *subject;
	const char *date; /* as written there */
} MailForwarded;

typedef struct Mail {
	GStringChunk *strings;
	const char *sha256;       /* of the raw octets, hexadecimal */
	const char *content_hash; /* of the canonical mail: Message-ID, From,
	                             Date, Subject and body, no trace fields */
	int64_t size;
	GArray *fields;         /* of MailField */
	const char *message_id; /* without <>; NULL if absent or empty */
	GPtrArray *in_reply_to; /* of const char *, without <> */
	GPtrArray *references;
	GArray *from; /* of MailAddress, as all address lists */
	GArray *sender;
	GArray *reply_to;
	GArray *to;
	GArray *cc;
	const char *subject; /* "" if none */
	int64_t date;        /* 0: none, or one that cannot be */
	MailClass class;
	bool answerable;     /* may an automatic answer be sent */
	GPtrArray *evidence; /* of const char *: why class and answerable */
	MailReport *report;  /* NULL unless class is MAIL_BOUNCE */
	const char *text;    /* the readable text, whole */
	bool has_html;
	const char *reply;        /* the new words, a view on text */
	const char *signature;    /* or NULL */
	MailForwarded *forwarded; /* or NULL */
	GArray *attachments;      /* of MailAttachment */
	MailCrypto is_signed;
	MailCrypto is_encrypted;
	const char *structure; /* JSON: ["multipart/mixed",["text/plain"]] */
	GPtrArray *warnings;   /* of const char * */
	bool is_bare;          /* the parser died of it: headers only */
} Mail;

/* An empty mail: no strings, empty arrays, class person. */
Mail *mail_new(void);
void mail_free(Mail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mail, mail_free)

/* For message/, while it makes the mail: a copy that lives as long as mail.
 * NULL gives NULL. */
const char *mail_keep(Mail *mail, const char *string);
void mail_add_evidence(Mail *mail, const char *format, ...) G_GNUC_PRINTF(2, 3);
void mail_warn(Mail *mail, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The value of the first field of that name (ASCII case), or NULL. */
const char *mail_field(const Mail *mail, const char *name);

/* How many fields of that name there are. */
unsigned mail_field_count(const Mail *mail, const char *name);

/* The i-th of a list, or NULL behind its end. */
const MailAddress *mail_address(const GArray *addresses, unsigned i);

/* What the sender himself wrote: of a forwarded mail only the words above it,
 * since orders in somebody else's words are nobody's orders.  Never NULL. */
const char *mail_own_words(const Mail *mail);

/* The addr-spec the mail says it is from, or NULL.  Identity is this and never
 * a display name. */
const char *mail_from_address(const Mail *mail);
