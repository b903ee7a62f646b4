#define _GNU_SOURCE /* memmem() */

#include "sieve/match.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static const char *const relation_names[RELATIONS] = {
	[RELATION_GT] = "gt", [RELATION_GE] = "ge", [RELATION_LT] = "lt",
	[RELATION_LE] = "le", [RELATION_EQ] = "eq", [RELATION_NE] = "ne",
};

bool
relation_from_name(const char *name, Relation *out_relation)
{
	for (unsigned i = 0; i < RELATIONS; i++)
		if (strcmp(relation_names[i], name) == 0) {
			*out_relation = (Relation)i;
			return true;
		}
	return false;
}

/* ---- values and folds ---- */

static bool
folds(Comparator comparator)
{
	return comparator == COMPARE_ASCII || comparator == COMPARE_UNICODE ||
	       comparator == COMPARE_DECIMAL;
}

static char *
fold(const char *text, size_t length, Comparator comparator)
{
	if (comparator == COMPARE_UNICODE)
		return text_fold(text);
	return g_ascii_strdown(text, (gssize)length);
}

Value *
value_new(const char *text)
{
	Value *value = g_new0(Value, 1);

	value->text = text;
	value->length = strlen(text);
	return value;
}

Value *
value_new_take(char *text)
{
	Value *value = value_new(text);

	value->owned = text;
	return value;
}

void
value_free(Value *value)
{
	g_free(value->owned);
	for (unsigned i = 0; i < COMPARATORS; i++)
		g_free(value->folds[i]);
	g_free(value);
}

static const char *
folded(Value *value, Comparator comparator, size_t *out_length)
{
	*out_length = value->length;
	if (!folds(comparator))
		return value->text;
	if (value->folds[comparator] == NULL) {
		value->folds[comparator] =
			fold(value->text, value->length, comparator);
		value->fold_lengths[comparator] =
			strlen(value->folds[comparator]);
	}
	*out_length = value->fold_lengths[comparator];
	return value->folds[comparator];
}

/* ---- globs ---- */

typedef enum AtomKind { ATOM_OCTET, ATOM_ONE, ATOM_MANY } AtomKind;

/* An atom per octet of the pattern: octets[i] counts where kinds[i] says so. */
struct Glob {
	char *octets;
	guint8 *kinds;
	size_t length;
};

static AtomKind
kind_of(const char **at)
{
	if (**at == '*')
		return ATOM_MANY;
	if (**at == '?')
		return ATOM_ONE;
	if (**at == '\\' && (*at)[1] != '\0')
		(*at)++;
	return ATOM_OCTET;
}

static Glob *
glob_new(const char *pattern, size_t length)
{
	Glob *glob = g_new0(Glob, 1);

	glob->octets = g_malloc(length + 1);
	glob->kinds = g_malloc(length + 1);
	for (const char *at = pattern; *at != '\0'; at++) {
		glob->kinds[glob->length] = (guint8)kind_of(&at);
		glob->octets[glob->length++] = *at;
	}
	return glob;
}

static void
glob_free(Glob *glob)
{
	if (glob == NULL)
		return;
	g_free(glob->octets);
	g_free(glob->kinds);
	g_free(glob);
}

typedef struct Span {
	size_t begin;
	size_t end;
} Span;

typedef struct Spans {
	Span list[MATCH_GROUPS_MAX];
	unsigned count;
} Spans;

/* The part of a glob between two "*". */
typedef struct Segment {
	size_t begin;
	size_t end;
	bool has_one;
} Segment;

typedef struct Subject {
	const char *text;
	size_t length;
} Subject;

static void
add_span(Spans *spans, size_t begin, size_t end)
{
	if (spans->count < MATCH_GROUPS_MAX)
		spans->list[spans->count++] = (Span){ begin, end };
}

static Segment
next_segment(const Glob *glob, size_t begin)
{
	Segment segment = { begin, begin, false };

	while (segment.end < glob->length &&
	       glob->kinds[segment.end] != ATOM_MANY)
		if (glob->kinds[segment.end++] == ATOM_ONE)
			segment.has_one = true;
	return segment;
}

static size_t
next_character(const Subject *subject, size_t at)
{
	do
		at++;
	while (at < subject->length && (subject->text[at] & 0xC0) == 0x80);
	return at;
}

/* Where the segment ends if it stands at at; SIZE_MAX if it does not. */
static size_t
stands_at(const Glob *glob, const Segment *segment, const Subject *subject,
          size_t at, Spans *spans)
{
	for (size_t i = segment->begin; i < segment->end; i++) {
		size_t before = at;

		if (at >= subject->length)
			return SIZE_MAX;
		if (glob->kinds[i] == ATOM_ONE) {
			at = next_character(subject, at);
			if (spans != NULL)
				add_span(spans, before, at);
		} else if (glob->octets[i] != subject->text[at++]) {
			return SIZE_MAX;
		}
	}
	return at;
}

/* The first place at or behind from where it stands; SIZE_MAX: none. */
static size_t
find(const Glob *glob, const Segment *segment, const Subject *subject,
     size_t from)
{
	if (!segment->has_one) {
		const char *found =
			memmem(subject->text + from, subject->length - from,
		               glob->octets + segment->begin,
		               segment->end - segment->begin);
		return found == NULL ? SIZE_MAX
		                     : (size_t)(found - subject->text);
	}
	for (size_t at = from; at < subject->length;
	     at = next_character(subject, at))
		if (stands_at(glob, segment, subject, at, NULL) != SIZE_MAX)
			return at;
	return SIZE_MAX;
}

/* Where the last segment stands so that it ends with the subject. */
static size_t
find_last(const Glob *glob, const Segment *segment, const Subject *subject,
          size_t from)
{
	size_t at = subject->length;

	for (size_t i = segment->end; i > segment->begin; i--) {
		if (at <= from)
			return SIZE_MAX;
		at--;
		if (glob->kinds[i - 1] == ATOM_ONE)
			while (at > from && (subject->text[at] & 0xC0) == 0x80)
				at--;
		else if (glob->octets[i - 1] != subject->text[at])
			return SIZE_MAX;
	}
	return at;
}

/* Each "*" takes as little as it can (RFC 5229 section 3.2): since a segment is
 * taken at its first place, what follows has the most room, and nothing is
 * looked at twice. */
static bool
glob_matches(const Glob *glob, const Subject *subject, Spans *spans)
{
	Segment segment = next_segment(glob, 0);
	size_t at = stands_at(glob, &segment, subject, 0, spans);

	if (at == SIZE_MAX || segment.end == glob->length)
		return at == subject->length;
	while (segment.end < glob->length) {
		segment = next_segment(glob, segment.end + 1);
		size_t found = segment.end == glob->length
		                       ? find_last(glob, &segment, subject, at)
		                       : find(glob, &segment, subject, at);
		if (found == SIZE_MAX)
			return false;
		add_span(spans, at, found);
		at = stands_at(glob, &segment, subject, found, spans);
	}
	return true;
}

/* ---- from folded places to the words as they were written ---- */

/* Where the folded octet at stands in the text itself: characters fold one by
 * one. */
static size_t
unfolded(const Value *value, Comparator comparator, size_t at)
{
	const char *character = value->text;
	size_t folded_length = 0;

	if (comparator != COMPARE_UNICODE)
		return at;
	while (*character != '\0' && folded_length < at) {
		const char *next = g_utf8_next_char(character);
		g_autofree char *one =
			g_strndup(character, (size_t)(next - character));
		g_autofree char *small = text_fold(one);

		folded_length += strlen(small);
		character = next;
	}
	return (size_t)(character - value->text);
}

static void
tell_groups(const Value *value, Comparator comparator, const Spans *spans,
            GPtrArray *groups)
{
	g_ptr_array_set_size(groups, 0);
	g_ptr_array_add(groups, g_strdup(value->text));
	for (unsigned i = 0; i + 1 < MATCH_GROUPS_MAX && i < spans->count;
	     i++) {
		size_t begin =
			unfolded(value, comparator, spans->list[i].begin);
		size_t end = unfolded(value, comparator, spans->list[i].end);

		g_ptr_array_add(groups,
		                g_strndup(value->text + begin, end - begin));
	}
}

/* ---- keys ---- */

Key *
key_new(const char *text, MatchType type, Comparator comparator)
{
	Key *key = g_new0(Key, 1);

	key->text = folds(comparator) ? fold(text, strlen(text), comparator)
	                              : g_strdup(text);
	key->length = strlen(key->text);
	if (type == MATCH_MATCHES)
		key->glob = glob_new(key->text, key->length);
	return key;
}

void
key_free(Key *key)
{
	if (key == NULL)
		return;
	glob_free(key->glob);
	g_free(key->text);
	g_free(key);
}

bool
match_key(Value *value, const Key *key, MatchType type, Comparator comparator,
          GPtrArray *out_groups)
{
	Subject subject;
	Spans spans = { .count = 0 };

	if (type == MATCH_IS && comparator >= COMPARE_NUMERIC)
		return match_relation(value, key, RELATION_EQ, comparator);
	subject.text = folded(value, comparator, &subject.length);
	if (type == MATCH_IS)
		return subject.length == key->length &&
		       memcmp(subject.text, key->text, key->length) == 0;
	if (type == MATCH_CONTAINS)
		return memmem(subject.text, subject.length, key->text,
		              key->length) != NULL;
	if (!glob_matches(key->glob, &subject, &spans))
		return false;
	if (out_groups != NULL)
		tell_groups(value, comparator, &spans, out_groups);
	return true;
}

/* ---- order ---- */

static int
sign(long long difference)
{
	return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

/* RFC 4790 section 9.1: the digits in front; without any, infinity. */
static int
compare_digits(const char *a, const char *b)
{
	bool a_counts = g_ascii_isdigit(*a);
	bool b_counts = g_ascii_isdigit(*b);

	if (!a_counts || !b_counts)
		return b_counts - a_counts;
	a += strspn(a, "0");
	b += strspn(b, "0");
	size_t a_length = strspn(a, "0123456789");
	size_t b_length = strspn(b, "0123456789");
	if (a_length != b_length)
		return a_length < b_length ? -1 : 1;
	return sign(strncmp(a, b, a_length));
}

static bool
read_decimal(const char *text, double *out_number)
{
	char *end;

	*out_number = g_ascii_strtod(text, &end);
	return end != text && *end == '\0' && *out_number == *out_number;
}

static int
compare_octets(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, MIN(a_length, b_length));

	if (order != 0)
		return sign(order);
	return a_length < b_length ? -1 : a_length > b_length;
}

static int
compare(Value *value, const Key *key, Comparator comparator)
{
	double left;
	double right;
	size_t length;

	if (comparator == COMPARE_NUMERIC)
		return compare_digits(value->text, key->text);
	if (comparator == COMPARE_DECIMAL && read_decimal(value->text, &left) &&
	    read_decimal(key->text, &right))
		return left < right ? -1 : left > right;
	const char *text = folded(value, comparator, &length);
	return compare_octets(text, length, key->text, key->length);
}

static bool
holds(int order, Relation relation)
{
	switch (relation) {
	case RELATION_GT:
		return order > 0;
	case RELATION_GE:
		return order >= 0;
	case RELATION_LT:
		return order < 0;
	case RELATION_LE:
		return order <= 0;
	case RELATION_EQ:
		return order == 0;
	case RELATION_NE:
		return order != 0;
	case RELATIONS:
		break;
	}
	g_assert_not_reached();
}

bool
match_relation(Value *value, const Key *key, Relation relation,
               Comparator comparator)
{
	return holds(compare(value, key, comparator), relation);
}

bool
match_count(unsigned count, const char *number, Relation relation)
{
	g_autofree char *text = g_strdup_printf("%u", count);

	return holds(compare_digits(text, number), relation);
}
