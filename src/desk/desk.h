/* The desk itself: queues, teams, agents and policies, as configured.
 *
 * config/ makes it from postigo.conf; it does not change while a process
 * lives.  Every string belongs to the Desk.  Lists of names are NULL-terminated
 * arrays and never NULL; a name that is optional is NULL when not given. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "desk/sla.h"

typedef enum ReplyToPolicy {
	REPLY_TO_AUTO, /* Reply-To if From is no-reply or one of ours */
	REPLY_TO_FROM,
	REPLY_TO_REPLY_TO,
} ReplyToPolicy;

typedef enum ListPolicy {
	LIST_HOLD, /* mailing-list mail waits in quarantine (faults.md L-09) */
	LIST_TICKET, /* the queue's own address is a list: make tickets of it */
} ListPolicy;

typedef struct Queue {
	const char *name;
	const char *const *addresses; /* lower case */
	const char *team;
	const char *sla;
	const char *language; /* NULL: the desk's */
	const char *type;     /* of new tickets: "incident" ... */
	const char *priority; /* of new tickets: "normal" ... */
	const char *ladder;
	bool acknowledge;
	ReplyToPolicy reply_to;
	ListPolicy lists;
	int reopen_days; /* a later answer to a closed ticket opens a new one */
} Queue;

typedef struct Team {
	const char *name;
	const char *const *members; /* names of agents */
	int level;
	const char *assign; /* "none", "round-robin", "least-loaded" */
} Team;

typedef struct Agent {
	const char *id;               /* the section's title: "ana" */
	const char *name;             /* "Ana Díaz" */
	const char *const *addresses; /* lower case; mail goes to the first */
	const char *language;
	const char *calendar;
	const char *const *roles;
	const char *const *skills; /* tags of tickets that are his */
	bool is_absent;
	const char *substitute; /* another agent, or NULL */
} Agent;

typedef struct Trust {
	const char *const *authserv_ids; /* ours (RFC 8601 section 5) */
	const char *const
		*received_by;   /* names our border writes in Received */
	const char *const *arc; /* sealers believed */
	bool strips_forged;     /* the border removes A-R fields of our ids that
	                           come in, so those below its Received count */
} Trust;

typedef struct Smtp {
	const char
		*url; /* smtp://host:port or smtps://; NULL: nothing is sent */
	const char *user;
	const char *password;
	const char *const *password_command; /* for config_take_password() */
	const char *auth; /* "plain", "login", "xoauth2", "oauthbearer" or NULL:
	                      best */
	const char *tls;  /* "required" (default), "never" (loopback only) */
	const char *ca_file; /* or NULL: the system's */
	const char *from;    /* header From address; NULL: the queue's */
	const char
		*envelope; /* local part for VERP; NULL: the desk's address */
	int rate;          /* mails a minute; 0: no limit */
	int connections;
} Smtp;

typedef struct Lmtp {
	const char *const *listen; /* paths of Unix sockets, host:port */
} Lmtp;

/* A mailbox elsewhere that mail is fetched from. */
typedef struct Inbox {
	const char *name; /* the section's title */
	const char *url;  /* imaps://host:port/folder, imap, pop3s, pop3 */
	const char *user;
	const char *password;
	const char *const *password_command; /* run at each login */
	const char *auth;    /* "plain", "login", "xoauth2" or NULL: best */
	const char *tls;     /* "required" (default), "never" (loopback only) */
	const char *ca_file; /* or NULL: the system's */
	const char *queue;   /* NULL: by the recipients of each mail */
	const char *after;   /* "flag", "keep", "delete", "move:FOLDER"; NULL:
	                        "flag", with POP3 "keep" */
	bool is_trusted;     /* Trust counts for what is fetched here */
	int interval;        /* seconds between two looks */
} Inbox;

typedef struct Limits {
	int64_t message_octets;
	int64_t free_octets; /* below it intake answers "later" */
	int acknowledgements_per_sender_day;
	int tickets_per_sender_hour; /* more: no acknowledgement (L-11) */
	int unproven_acknowledgements_hour;
	int mails_per_ticket_recipient_hour;
	int mails_per_recipient_hour;
	int mails_per_domain_hour; /* to others than agents */
	int mails_hour;            /* in all */
	int parse_seconds;         /* CPU time of the parser child */
	int deliver_seconds;       /* wall time of a delivery */
} Limits;

typedef struct Desk {
	GStringChunk *strings;
	GPtrArray *vectors; /* owns the arrays of names */
	const char *name;
	const char *address; /* the fallback queue address, lower case */
	const char *domain;  /* right-hand side of Message-IDs, lower case */
	const char *language;
	const char *timezone;
	const char *database;
	const char *key;
	const char *rules;
	const char *templates;           /* directory of overrides, or NULL */
	const char *const *subject_tags; /* "", then older ones: [tag#123] */
	GPtrArray *queues; /* of Queue *, in the order of the file */
	GPtrArray *teams;
	GPtrArray *agents;
	GPtrArray *calendars; /* of OpeningHours * */
	GPtrArray *slas;      /* of Sla * */
	GPtrArray *ladders;   /* of Ladder * */
	Calendar *always;     /* around the clock */
	GPtrArray *mailboxes;
	Trust trust;
	Smtp smtp;
	Lmtp lmtp;
	Limits limits;
} Desk;

/* Empty, with the defaults of every policy. */
Desk *desk_new(void);
void desk_free(Desk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

/* For config/: copies that live as long as the desk. */
const char *desk_keep(Desk *desk, const char *string);
const char *const *desk_keep_list(Desk *desk, const char *const *list);

/* By name; NULL if there is none. */
const Queue *desk_queue(const Desk *desk, const char *name);
const Team *desk_team(const Desk *desk, const char *name);
const Agent *desk_agent(const Desk *desk, const char *id);
const Inbox *desk_mailbox(const Desk *desk, const char *name);

/* Whose address it is (ASCII case), or NULL. */
const Agent *desk_agent_for_address(const Desk *desk, const char *address);

/* Splits user+extension@domain; both parts owned by the caller, *out_extension
 * NULL if there is none.  Only the first + counts.  Before something as long as
 * a reply token, what gateways make of a + will do, and what a forwarder
 * wrapped by SRS is unwrapped first. */
char *address_without_extension(const char *address, char **out_extension);

/* Has it the shape of an address that mail can go to: local part, @, domain,
 * no blanks or controls?  (From may say anything, "eve" for one.) */
bool address_can_receive(const char *address);

/* The queue that has this address, extension or not; NULL if none has.
 * out_extension (may be NULL): owned by the caller, NULL without one.  The
 * desk's own address stands for its first queue. */
const Queue *desk_queue_for_address(const Desk *desk, const char *address,
                                    char **out_extension);

/* One of the desk's or a queue's addresses, with any extension. */
bool desk_owns_address(const Desk *desk, const char *address);

/* By name; NULL is around the clock, and so is a name that is not there. */
const Calendar *desk_calendar(const Desk *desk, const char *name);
/* By name; NULL if there is none. */
const Sla *desk_sla(const Desk *desk, const char *name);
const Ladder *desk_ladder(const Desk *desk, const char *name);

/* The first team of the lowest level above level, or NULL. */
const Team *desk_team_above(const Desk *desk, int level);
