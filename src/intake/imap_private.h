/* What the files of the IMAP client share. */
#pragma once

#include "intake/imap.h"
#include "intake/imap_name.h"
#include "intake/imap_reply.h"

/* Octets of an answer that is no mail. */
#define ANSWER_OCTETS_MAX ((size_t)1024 * 1024)
/* Literals that are no mail: names of folders, mostly. */
#define LITERAL_SPARE     4096
/* A mail must come at least as fast, after the time of a command. */
#define OCTETS_PER_MS_MIN 8
#define LOGOUT_MS         2000

typedef enum ImapCapability {
	CAN_STARTTLS = 1 << 0,
	CANNOT_LOGIN = 1 << 1,
	CAN_PLAIN = 1 << 2,
	CAN_LOGIN = 1 << 3,
	CAN_XOAUTH2 = 1 << 4,
	CAN_SASL_IR = 1 << 5,
	CAN_IDLE = 1 << 6,
	CAN_MOVE = 1 << 7,
	CAN_UIDPLUS = 1 << 8,
} ImapCapability;

struct Imap {
	Wire *wire;
	ImapTimes times;
	ImapReader *reader;
	char input[64 * 1024]; /* what was read and not yet fed */
	size_t at;
	size_t end;
	unsigned last_tag;
	char tag[16]; /* of the command sent last */
	size_t budget;
	unsigned capabilities; /* of ImapCapability */
	bool is_logged_in;
	bool has_news;
	char *goodbye; /* the words of a BYE */
	ImapFolder folder;
	/* whom each FETCH is told, while a command asks for them */
	void (*on_entry)(void *entries, ImapEntry *entry);
	void *entries;
};

/* What the next command may bring: octets in one literal, octets in all; both
 * besides what any answer may have. */
void imap_allow(Imap *imap, size_t literal, size_t all);

const ImapReply *imap_next(Imap *imap, GError **error);
bool imap_send(Imap *imap, const char *command, GError **error);
bool imap_finish(Imap *imap, const char *const *answers, GError **error);
bool imap_run(Imap *imap, const char *command, GError **error);
