#include "desk/article.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#define FILE_NAME_CHARACTERS_MAX 60

static const char *const state_names[] = {
	[ARTICLE_DRAFT] = "draft",
	[ARTICLE_REVIEW] = "review",
	[ARTICLE_PUBLISHED] = "published",
	[ARTICLE_RETIRED] = "retired",
};

static const char *const kinds[] = { "article", "procedure", "known-error",
	                             NULL };
static const char *const visibilities[] = { "public", "agents", NULL };

const char *
article_state_name(ArticleState state)
{
	return state_names[state];
}

bool
article_state_from_name(const char *name, ArticleState *out_state)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(state_names); i++) {
		if (strcmp(state_names[i], name) != 0)
			continue;
		*out_state = (ArticleState)i;
		return true;
	}
	return false;
}

bool
article_kind_is_known(const char *kind)
{
	return g_strv_contains(kinds, kind);
}

bool
article_visibility_is_known(const char *visibility)
{
	return g_strv_contains(visibilities, visibility);
}

Article *
article_new(void)
{
	Article *article = g_new0(Article, 1);

	article->kind = g_strdup(kinds[0]);
	article->visibility = g_strdup(visibilities[0]);
	return article;
}

void
article_free(Article *article)
{
	if (article == NULL)
		return;
	g_free(article->title);
	g_free(article->language);
	g_free(article->category);
	g_free(article->keywords);
	g_free(article->kind);
	g_free(article->visibility);
	g_free(article->text);
	g_free(article);
}

/* ---- from a file ---- */

static const char *
line_end(const char *text)
{
	return text + strcspn(text, "\n");
}

/* keys of the head that are plain texts */
static const struct {
	const char *key;
	size_t offset;
} head_texts[] = {
	{ "title", offsetof(Article, title) },
	{ "language", offsetof(Article, language) },
	{ "category", offsetof(Article, category) },
	{ "keywords", offsetof(Article, keywords) },
	{ "kind", offsetof(Article, kind) },
	{ "visibility", offsetof(Article, visibility) },
};

static const struct {
	const char *key;
	size_t offset;
} head_numbers[] = {
	{ "id", offsetof(Article, id) },
	{ "source", offsetof(Article, source) },
	{ "translation-of", offsetof(Article, original) },
};

static char **
text_at(const Article *article, size_t offset)
{
	return (char **)(uintptr_t)((const char *)article + offset);
}

static int64_t *
number_at(const Article *article, size_t offset)
{
	return (int64_t *)(uintptr_t)((const char *)article + offset);
}

static bool
read_number(const char *text, int64_t *out_number)
{
	char *end;

	*out_number = g_ascii_strtoll(text, &end, 10);
	return end != text && *end == '\0' && *out_number > 0;
}

static bool
read_state(Article *article, const char *value)
{
	article->is_state_given = true;
	return article_state_from_name(value, &article->state);
}

static bool
read_pair(Article *article, const char *key, const char *value, unsigned line,
          GError **error)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(head_texts); i++) {
		if (strcmp(head_texts[i].key, key) != 0)
			continue;
		char **at = text_at(article, head_texts[i].offset);
		g_free(*at);
		*at = text_clean_line(value);
		return true;
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(head_numbers); i++)
		if (strcmp(head_numbers[i].key, key) == 0)
			return read_number(value,
			                   number_at(article,
			                             head_numbers[i].offset)) ||
			       error_set(error, ERROR_MALFORMED,
			                 "line %u: %s: not a number", line,
			                 key);
	if (strcmp(key, "state") == 0)
		return read_state(article, value) ||
		       error_set(error, ERROR_MALFORMED,
		                 "line %u: state: not draft, review, published "
		                 "or retired",
		                 line);
	return error_set(error, ERROR_MALFORMED, "line %u: %s: no such key",
	                 line, key);
}

static bool
read_head_line(Article *article, const char *text, unsigned line,
               GError **error)
{
	const char *colon = strchr(text, ':');

	if (colon == NULL)
		return error_set(error, ERROR_MALFORMED,
		                 "line %u: not \"key: value\"", line);
	g_autofree char *key = g_strndup(text, (size_t)(colon - text));
	g_autofree char *value = g_strdup(colon + 1);
	g_strstrip(key);
	g_strstrip(value);
	return read_pair(article, key, value, line, error);
}

/* *at: behind the first "---"; then behind the second. */
static bool
read_head(Article *article, const char **at, GError **error)
{
	for (unsigned line = 2; **at != '\0'; line++) {
		const char *end = line_end(*at);
		g_autofree char *text = g_strndup(*at, (size_t)(end - *at));

		*at = *end == '\0' ? end : end + 1;
		g_strchomp(text);
		if (strcmp(text, "---") == 0)
			return true;
		if (*text != '\0' &&
		    !read_head_line(article, text, line, error))
			return false;
	}
	return error_set(error, ERROR_MALFORMED,
	                 "line 1: no second \"---\" ends the head");
}

static char *
first_heading(const char *markdown)
{
	const char *end = line_end(markdown);

	while (*markdown == '#')
		markdown++;
	g_autofree char *line = g_strndup(markdown, (size_t)(end - markdown));
	return text_clean_line(line);
}

static bool
is_sound(const Article *article, GError **error)
{
	if (article->title == NULL || *article->title == '\0')
		return error_set(error, ERROR_MALFORMED, "it has no title");
	if (g_utf8_strlen(article->title, -1) > ARTICLE_TITLE_MAX)
		return error_set(error, ERROR_MALFORMED,
		                 "its title has more than %d characters",
		                 ARTICLE_TITLE_MAX);
	if (*article->text == '\0')
		return error_set(error, ERROR_MALFORMED, "it has no text");
	if (!article_kind_is_known(article->kind))
		return error_set(error, ERROR_MALFORMED,
		                 "kind %s: not article, procedure or "
		                 "known-error",
		                 article->kind);
	if (!article_visibility_is_known(article->visibility))
		return error_set(error, ERROR_MALFORMED,
		                 "visibility %s: not public or agents",
		                 article->visibility);
	return true;
}

Article *
article_from_text(const char *text, GError **error)
{
	g_autofree char *valid = text_from_octets(text, -1);
	g_autofree char *clean = text_clean_block(valid);
	g_autoptr(Article) article = article_new();
	const char *at = clean;

	if (strlen(text) > ARTICLE_OCTETS_MAX) {
		error_set(error, ERROR_TOO_BIG,
		          "an article has at most %d octets",
		          ARTICLE_OCTETS_MAX);
		return NULL;
	}
	if (g_str_has_prefix(at, "---\n")) {
		at += strlen("---\n");
		if (!read_head(article, &at, error))
			return NULL;
	}
	article->text = g_strdup(at);
	g_strstrip(article->text);
	if (article->title == NULL)
		article->title = first_heading(article->text);
	return is_sound(article, error) ? g_steal_pointer(&article) : NULL;
}

/* ---- to a file ---- */

char *
article_to_text(const Article *article)
{
	g_autoptr(GString) text = g_string_new("---\n");

	for (unsigned i = 0; i < G_N_ELEMENTS(head_numbers); i++) {
		int64_t number = *number_at(article, head_numbers[i].offset);

		if (number != 0)
			g_string_append_printf(text,
			                       "%s: %" G_GINT64_FORMAT "\n",
			                       head_numbers[i].key, number);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(head_texts); i++) {
		const char *value = *text_at(article, head_texts[i].offset);

		if (value != NULL && *value != '\0')
			g_string_append_printf(text, "%s: %s\n",
			                       head_texts[i].key, value);
	}
	g_string_append_printf(text, "state: %s\n---\n%s\n",
	                       article_state_name(article->state),
	                       article->text);
	return g_strdup(text->str);
}

char *
article_file_name(const Article *article)
{
	g_autofree char *folded = text_fold(article->title);
	g_autoptr(GString) name = g_string_new(NULL);

	g_string_printf(name, "%03" G_GINT64_FORMAT "-", article->id);
	for (const char *s = folded;
	     *s != '\0' && name->len < FILE_NAME_CHARACTERS_MAX; s++)
		if (g_ascii_isalnum(*s))
			g_string_append_c(name, *s);
		else if (name->str[name->len - 1] != '-')
			g_string_append_c(name, '-');
	if (name->str[name->len - 1] == '-')
		g_string_truncate(name, name->len - 1);
	g_string_append(name, ".md");
	return g_strdup(name->str);
}

bool
article_words_equal(const Article *a, const Article *b)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(head_texts); i++)
		if (g_strcmp0(*text_at(a, head_texts[i].offset),
		              *text_at(b, head_texts[i].offset)) != 0)
			return false;
	return strcmp(a->text, b->text) == 0;
}
