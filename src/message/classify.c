#include "message/classify.h"

#include <string.h>

#include "base/text.h"

#include "message/classify_tables.h"
#include "message/report_fold.h"

/* what is read of the text for its words */
#define WORDS_OCTETS 4096

/* of a field's value in evidence */
#define EVIDENCE_COLUMNS 200

/* a receipt sent as text is short */
#define RECEIPT_OCTETS 2000

typedef struct Verdict {
	Mail *mail;
	MailClass class;
	SignalWeight weight;
} Verdict;

/* A sign that the mail must not be answered, and maybe of its class. */
static void
forbid(Verdict *verdict, MailClass class, SignalWeight weight)
{
	verdict->mail->answerable = false;
	if (weight > verdict->weight) {
		verdict->class = class;
		verdict->weight = weight;
	}
}

/* "Name: value" as it stands, within reason. */
static void
tell_field(Mail *mail, const char *name, const char *value)
{
	g_autofree char *start = text_shorten(value, EVIDENCE_COLUMNS);

	mail_add_evidence(mail, "%s: %s", name, start);
}

/* text in lower case, blanks folded, at most size octets of it; the caller
 * frees it */
static char *
lowered(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	while (length > 0 && (text[length] & 0xc0) == 0x80)
		length--;
	g_autofree char *flat = report_fold(text, (gssize)length);
	return g_utf8_strdown(flat, -1);
}

/* The new words of the mail, or all of it where there are none. */
static char *
words_of(const Mail *mail)
{
	return lowered(*mail->reply != '\0' ? mail->reply : mail->text,
	               WORDS_OCTETS);
}

static const Phrase *
phrase_in(const char *text, const Phrase *phrases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, phrases[i].phrase) != NULL)
			return &phrases[i];
	return NULL;
}

static const Phrase *
phrase_at_head(const char *text, const Phrase *phrases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (g_str_has_prefix(text, phrases[i].phrase))
			return &phrases[i];
	return NULL;
}

static bool
is_answer(const char *subject)
{
	static const char *const prefixes[] = {
		"re:", "re :", "re[", "aw:", "antw:", "sv:",  "vs:",  "rv:",
		"fw:", "fwd:", "wg:", "tr:", "enc:",  "odp:", "ynt:", "vá:",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(subject, prefixes[i]))
			return true;
	return false;
}

/* ---- kinds of their own: receipts, complaints, reports ---- */

typedef struct ReportType {
	const char *type; /* value of report-type, and of the part's type */
	const char *part;
	MailClass class;
} ReportType;

static const ReportType report_types[] = {
	{ "disposition-notification", "message/disposition-notification",
	  MAIL_RECEIPT }, /* RFC 8098 */
	{ "disposition-notification", "message/global-disposition-notification",
	  MAIL_RECEIPT }, /* RFC 6533 */
	{ "feedback-report", "message/feedback-report",
	  MAIL_COMPLAINT },                                      /* RFC 5965 */
	{ "tlsrpt", "application/tlsrpt+gzip", MAIL_AUTOMATIC }, /* RFC 8460 */
};

/* What report-type says, or NULL. */
static const ReportType *
type_of_field(const Mail *mail)
{
	const char *value = mail_field(mail, "Content-Type");
	g_autofree char *type = report_fold(value == NULL ? "" : value, -1);
	const char *parameter = strstr(type, "report-type");

	if (!g_str_has_prefix(type, "multipart/report") || parameter == NULL)
		return NULL;
	parameter += strlen("report-type");
	parameter += strspn(parameter, " =\"'");
	for (size_t i = 0; i < G_N_ELEMENTS(report_types); i++)
		if (g_str_has_prefix(parameter, report_types[i].type))
			return &report_types[i];
	return NULL;
}

static const ReportType *
type_of_parts(const GArray *parts)
{
	for (unsigned k = 0; parts != NULL && k < parts->len; k++)
		for (size_t i = 0; i < G_N_ELEMENTS(report_types); i++)
			if (g_str_has_prefix(
				    g_array_index(parts, ReportPart, k).type,
				    report_types[i].part))
				return &report_types[i];
	return NULL;
}

/* Sieve's reject (RFC 5429 section 2.1) tells of a refused mail by an MDN. */
static bool
is_refusal(const Mail *mail)
{
	g_autofree char *text = lowered(mail->text, RECEIPT_OCTETS);

	return strstr(text, "automatically rejected") != NULL;
}

static bool
classify_typed(Mail *mail, const GArray *parts)
{
	const ReportType *type = type_of_field(mail);

	if (type != NULL && type->class == MAIL_RECEIPT && is_refusal(mail))
		return false;
	if (type != NULL) {
		mail_add_evidence(mail, "multipart/report; report-type=%s",
		                  type->type);
	} else {
		type = type_of_parts(parts);
		if (type == NULL)
			return false;
		mail_add_evidence(mail, "a part %s", type->part);
	}
	mail->class = type->class;
	return true;
}

/* METHOD of the iCalendar object (RFC 5546 section 1.4), unfolded enough. */
static bool
is_calendar_reply(const ReportPart *part)
{
	size_t size = 0;
	const char *octets = g_bytes_get_data(part->octets, &size);

	if (octets == NULL || !g_str_has_prefix(part->type, "text/calendar"))
		return false;
	g_autofree char *text = text_from_octets(
		octets, (gssize)MIN(size, (size_t)REPORT_PART_OCTETS_MAX));
	g_autofree char *upper = g_ascii_strup(text, -1);
	return strstr(upper, "\nMETHOD:REPLY") != NULL;
}

static bool
classify_calendar(Mail *mail, const GArray *parts)
{
	for (unsigned i = 0; parts != NULL && i < parts->len; i++)
		if (is_calendar_reply(&g_array_index(parts, ReportPart, i))) {
			mail->class = MAIL_RECEIPT;
			mail_add_evidence(mail, "text/calendar; method=REPLY");
			return true;
		}
	return false;
}

static bool
classify_receipt_text(Mail *mail)
{
	g_autofree char *subject = lowered(mail->subject, WORDS_OCTETS);
	const Phrase *head = phrase_at_head(subject, classify_receipts,
	                                    classify_receipts_count);

	if (head == NULL || strlen(mail->text) > RECEIPT_OCTETS)
		return false;
	g_autofree char *text = lowered(mail->text, RECEIPT_OCTETS);
	const Phrase *said = phrase_in(text, classify_receipt_texts,
	                               classify_receipt_texts_count);
	if (said == NULL)
		return false;
	mail->class = MAIL_RECEIPT;
	mail_add_evidence(mail, "subject begins \"%s\"", head->phrase);
	mail_add_evidence(mail, "text has \"%s\" (%s)", said->phrase,
	                  said->source);
	return true;
}

/* Before the reports: some wrap their question into a delivery report. */
static bool
classify_challenge(Mail *mail)
{
	if (mail->forwarded != NULL)
		return false;
	g_autofree char *text = words_of(mail);
	const Phrase *said =
		phrase_in(text, classify_challenges, classify_challenges_count);
	if (said == NULL)
		return false;
	mail->class = MAIL_AUTO_REPLY;
	mail_add_evidence(mail, "challenge-response: text has \"%s\" (%s)",
	                  said->phrase, said->source);
	return true;
}

static bool
classify_report(Mail *mail, const GArray *parts)
{
	mail->report = report_read(mail, parts);
	if (mail->report == NULL)
		return false;
	mail->class = MAIL_BOUNCE;
	return true;
}

/* ---- fields ---- */

/* RFC 3834 section 5: the keyword, without comments and parameters. */
static char *
keyword_of(const char *value)
{
	GString *keyword = g_string_new(NULL);
	unsigned depth = 0;

	for (const char *p = value; *p != '\0' && *p != ';'; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !g_ascii_isspace(*p))
			g_string_append_c(keyword, g_ascii_tolower(*p));
	}
	return g_string_free(keyword, FALSE);
}

static bool
answers_something(const Mail *mail)
{
	g_autofree char *subject = lowered(mail->subject, WORDS_OCTETS);

	return mail->in_reply_to->len > 0 || mail->references->len > 0 ||
	       is_answer(subject);
}

/* Everything but "no" is a machine; a keyword that no standard knows ("yes",
 * "vacation", nothing) is an answer if the mail answers something. */
static void
judge_auto_submitted(Verdict *verdict, const MailField *field)
{
	g_autofree char *keyword = keyword_of(field->value);
	MailClass class = MAIL_AUTOMATIC;

	tell_field(verdict->mail, field->name, field->value);
	if (strcmp(keyword, "no") == 0)
		return;
	if (g_str_has_prefix(keyword, "auto-replied") ||
	    (!g_str_has_prefix(keyword, "auto-") &&
	     answers_something(verdict->mail)))
		class = MAIL_AUTO_REPLY;
	forbid(verdict, class, WEIGHT_STRONG);
}

static bool
signal_holds(const HeaderSignal *signal, const char *value)
{
	static const char *const nothing[] = { "", "no", "false", "none", "0" };

	switch (signal->test) {
	case SIGNAL_PRESENT:
		return true;
	case SIGNAL_TRUE:
		for (size_t i = 0; i < G_N_ELEMENTS(nothing); i++)
			if (text_equal_ascii(value, nothing[i]))
				return false;
		return true;
	case SIGNAL_EQUALS:
		return text_equal_ascii(value, signal->value);
	case SIGNAL_HOLDS: {
		g_autofree char *lower = g_ascii_strdown(value, -1);
		return strstr(lower, signal->value) != NULL;
	}
	}
	g_assert_not_reached();
}

static void
judge_field(Verdict *verdict, const MailField *field)
{
	bool told = false;

	for (size_t i = 0; i < classify_headers_count; i++) {
		const HeaderSignal *signal = &classify_headers[i];

		if (!text_equal_ascii(signal->field, field->name) ||
		    !signal_holds(signal, field->value))
			continue;
		forbid(verdict, signal->class, signal->weight);
		if (!told)
			tell_field(verdict->mail, field->name, field->value);
		told = true;
	}
}

/* Exchange's X-Auto-Response-Suppress ([MS-OXCMAIL] 2.2.3.2.14) is on the mail
 * of people as well, so it says nothing of the class.  All and AutoReply
 * forbid our acknowledgement.  So does OOF, since to its receiver an
 * acknowledgement is the same nuisance.  DR, NDR, RN, NRN are about receipts.
 * An empty one was meant to forbid something. */
static bool
suppresses(const char *value)
{
	static const char *const words[] = { "all", "autoreply", "oof" };
	g_auto(GStrv) tokens = g_strsplit_set(value, ", ;", 20);

	if (*value == '\0')
		return true;
	for (char **token = tokens; *token != NULL; token++)
		for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
			if (text_equal_ascii(*token, words[i]))
				return true;
	return false;
}

static void
judge_suppress(Verdict *verdict)
{
	Mail *mail = verdict->mail;
	const char *value = mail_field(mail, "X-Auto-Response-Suppress");

	if (value == NULL || !suppresses(value))
		return;
	tell_field(mail, "X-Auto-Response-Suppress", value);
	forbid(verdict, MAIL_PERSON, WEIGHT_NONE);
	/* only together are the two an out-of-office answer */
	if (mail_field(mail, "X-MS-Exchange-Inbox-Rules-Loop") == NULL)
		return;
	mail_add_evidence(mail, "X-MS-Exchange-Inbox-Rules-Loop");
	forbid(verdict, MAIL_AUTO_REPLY, WEIGHT_STRONG);
}

static void
judge_fields(Verdict *verdict)
{
	const GArray *fields = verdict->mail->fields;

	for (unsigned i = 0; i < fields->len; i++) {
		const MailField *field = &g_array_index(fields, MailField, i);

		if (text_equal_ascii(field->name, "Auto-Submitted"))
			judge_auto_submitted(verdict, field);
		else
			judge_field(verdict, field);
	}
	judge_suppress(verdict);
}

/* ---- senders ---- */

static bool
name_matches(const NameSignal *signal, const char *local, size_t length)
{
	size_t size = strlen(signal->name);

	if (size > length)
		return false;
	switch (signal->place) {
	case NAME_WHOLE:
		return size == length && memcmp(local, signal->name, size) == 0;
	case NAME_BEGINS:
		return memcmp(local, signal->name, size) == 0;
	case NAME_ENDS:
		return memcmp(local + length - size, signal->name, size) == 0;
	}
	g_assert_not_reached();
}

static bool
is_named(const char *address, const NameSignal *signals, size_t count)
{
	g_autofree char *lower = g_ascii_strdown(address, -1);
	/* behind a plus stands a token, of VERP or of a desk */
	size_t length = strcspn(lower, "@+");

	for (size_t i = 0; i < count; i++)
		if (name_matches(&signals[i], lower, length))
			return true;
	return false;
}

/* A form on a website writes from no-reply@ and puts the person into
 * Reply-To. */
static bool
has_person_in_reply_to(const Mail *mail)
{
	const MailAddress *to = mail_address(mail->reply_to, 0);

	return to != NULL && *to->address != '\0' &&
	       !text_equal_ascii(to->address, mail_from_address(mail)) &&
	       !is_named(to->address, classify_names, classify_names_count);
}

static void
judge_from(Verdict *verdict)
{
	Mail *mail = verdict->mail;
	const char *from = mail_from_address(mail);

	if (from == NULL || *from == '\0') {
		mail_add_evidence(mail, "no address in From");
		forbid(verdict, MAIL_PERSON, WEIGHT_NONE);
	} else if (is_named(from, classify_names, classify_names_count)) {
		mail_add_evidence(mail, "from %s", from);
		if (!has_person_in_reply_to(mail))
			forbid(verdict, MAIL_AUTOMATIC, WEIGHT_WEAK);
	}
}

/* The null path is for what must not be answered (RFC 5321 section 4.5.5);
 * owner-*, *-request: RFC 3834 section 2. */
static void
judge_path(Verdict *verdict)
{
	Mail *mail = verdict->mail;
	const char *path = mail_field(mail, "Return-Path");

	if (path == NULL || *path == '\0')
		return;
	const char *address = path + strspn(path, " <");
	if (*address == '>') {
		mail_add_evidence(mail, "Return-Path: <>");
		forbid(verdict,
		       answers_something(mail) ? MAIL_AUTO_REPLY
		                               : MAIL_AUTOMATIC,
		       WEIGHT_WEAK);
	} else if (is_named(address, classify_paths, classify_paths_count)) {
		tell_field(mail, "Return-Path", path);
		forbid(verdict, MAIL_LIST, WEIGHT_WEAK);
	}
}

/* ---- words ---- */

static bool
is_wide(gunichar c)
{
	return c >= 0x2e80 || (c >= 0x0e00 && c < 0x0e80);
}

/* Nothing that makes a sentence of the phrase follows: "automatic reply: x"
 * is a machine's subject, "automatic reply does not work" a person's. */
static bool
closes(const char *phrase_end)
{
	static const char *const words[] = { "re:", "aw:",   "fw:",
		                             "wg:", "from ", "von ",
		                             "de ", "till ", "until " };
	const char *before = g_utf8_prev_char(phrase_end);
	const char *p = phrase_end + strspn(phrase_end, " ");

	if (*p == '\0' || is_wide(g_utf8_get_char(before)) ||
	    !g_unichar_isalnum(g_utf8_get_char(p)))
		return true;
	if (p == phrase_end)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(p, words[i]))
			return true;
	return false;
}

/* Behind the tags that gateways put before a subject: "[External] ". */
static const char *
head_of(const char *subject)
{
	static const char *const tags[] = {
		"external:", "[external]", "[extern]", "ext:",   "[ext]",
		"[externo]", "***spam***", "[spam]",   "{spam?}"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		if (g_str_has_prefix(subject, tags[i])) {
			subject += strlen(tags[i]);
			subject += strspn(subject, " ");
		}
	return subject;
}

/* "x (automatic response)", "[autoreply] x", "ana - vacation response re: x" */
static bool
is_set_apart(const char *subject, const char *at, const char *end)
{
	const char *rest = end + strspn(end, " ");

	if (at == subject)
		return false;
	if (at[-1] == '[' || at[-1] == '(')
		return *rest == ']' || *rest == ')';
	if (g_str_has_prefix(rest, "re:"))
		return true;
	return at - subject >= 2 && at[-1] == ' ' && at[-2] == '-' &&
	       *rest == '\0';
}

static bool
is_automatic_subject(const char *subject, const char *phrase)
{
	const char *head = head_of(subject);
	size_t length = strlen(phrase);
	const char *at = strstr(subject, phrase);

	for (; at != NULL; at = strstr(at + length, phrase)) {
		if (at == head && closes(at + length))
			return true;
		if (is_set_apart(subject, at, at + length))
			return true;
	}
	return false;
}

/* The senses found, one bit each, and the row of each. */
typedef struct Words {
	const WordSignal *found[WORD_ROBOT + 1];
} Words;

static Words
words_in_subject(const char *subject)
{
	Words words = { 0 };
	bool answer = is_answer(subject);

	for (size_t i = 0; i < classify_subjects_count; i++) {
		const WordSignal *word = &classify_subjects[i];

		if (words.found[word->sense] != NULL ||
		    strstr(subject, word->phrase) == NULL)
			continue;
		/* "Re: your ticket" is what everybody writes */
		if (word->sense == WORD_ANSWER
		            ? is_automatic_subject(subject, word->phrase)
		            : !answer)
			words.found[word->sense] = word;
	}
	return words;
}

static Words
words_in_text(const Mail *mail)
{
	Words words = { 0 };

	if (mail->forwarded != NULL)
		return words;
	g_autofree char *text = words_of(mail);
	for (size_t i = 0; i < classify_texts_count; i++) {
		const WordSignal *word = &classify_texts[i];

		if (words.found[word->sense] == NULL &&
		    strstr(text, word->phrase) != NULL)
			words.found[word->sense] = word;
	}
	return words;
}

static void
tell_word(Mail *mail, const char *where, const WordSignal *word)
{
	if (word != NULL)
		mail_add_evidence(mail, "%s has \"%s\" (%s)", where,
		                  word->phrase, word->language);
}

static void
judge_words(Verdict *verdict)
{
	Mail *mail = verdict->mail;
	g_autofree char *line = lowered(mail->subject, WORDS_OCTETS);
	Words subject = words_in_subject(line);
	Words text = words_in_text(mail);

	for (WordSense sense = WORD_ANSWER; sense <= WORD_RECEIVED; sense++) {
		const WordSignal *above = subject.found[sense];
		const WordSignal *below = text.found[sense];
		bool enough = sense == WORD_ANSWER
		                      ? above != NULL || below != NULL
		                      : above != NULL && below != NULL;

		if (!enough)
			continue;
		tell_word(mail, "subject", above);
		tell_word(mail, "text", below);
		forbid(verdict, MAIL_AUTO_REPLY, WEIGHT_STRONG);
		/* Exchange calls its absences auto-generated */
		if (verdict->class == MAIL_AUTOMATIC)
			verdict->class = MAIL_AUTO_REPLY;
		return;
	}
	if (text.found[WORD_ROBOT] == NULL)
		return;
	tell_word(mail, "text", text.found[WORD_ROBOT]);
	if (text.found[WORD_RECEIVED] != NULL) {
		tell_word(mail, "text", text.found[WORD_RECEIVED]);
		forbid(verdict, MAIL_AUTO_REPLY, WEIGHT_STRONG);
	} else {
		forbid(verdict, MAIL_PERSON, WEIGHT_NONE);
	}
}

static void
judge_monitor(Verdict *verdict)
{
	Mail *mail = verdict->mail;
	g_autofree char *subject = lowered(mail->subject, WORDS_OCTETS);
	const Phrase *head = phrase_at_head(head_of(subject), classify_monitors,
	                                    classify_monitors_count);

	if (head == NULL)
		return;
	mail_add_evidence(mail, "subject begins \"%s\" (%s)", head->phrase,
	                  head->source);
	forbid(verdict, MAIL_AUTOMATIC, WEIGHT_WEAK);
}

void
classify_mail(Mail *mail, const GArray *parts)
{
	Verdict verdict = { .mail = mail,
		            .class = MAIL_PERSON,
		            .weight = WEIGHT_NONE };

	mail->class = MAIL_PERSON;
	mail->answerable = true;
	if (classify_typed(mail, parts) || classify_calendar(mail, parts) ||
	    classify_challenge(mail) || classify_report(mail, parts) ||
	    classify_receipt_text(mail)) {
		mail->answerable = false;
		return;
	}
	judge_fields(&verdict);
	judge_path(&verdict);
	judge_from(&verdict);
	judge_monitor(&verdict);
	judge_words(&verdict);
	mail->class = verdict.class;
}
