/* Articles of the knowledge base: what is known, kept for the next one who
 * asks.
 *
 * An article is Markdown in one language.  Outside of the database it is a
 * file: a few "key: value" lines between two lines "---", then the Markdown, so
 * that a git repository can hold them all. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* An article is read by people: what is longer is a book. */
#define ARTICLE_OCTETS_MAX 262144
#define ARTICLE_TITLE_MAX  200 /* characters */

typedef enum ArticleState {
	ARTICLE_DRAFT,
	ARTICLE_REVIEW,    /* somebody asked for it to be published */
	ARTICLE_PUBLISHED, /* may be proposed and sent */
	ARTICLE_RETIRED,   /* kept, shown to nobody */
} ArticleState;

const char *article_state_name(ArticleState state);
bool article_state_from_name(const char *name, ArticleState *out_state);

/* Strings are owned, valid UTF-8, NULL when not set. */
typedef struct Article {
	int64_t id;
	int version; /* from 1; each change of its words is one more */
	char *title;
	char *language; /* "es"; never NULL once stored */
	char *category;
	char *keywords; /* "vpn, acceso remoto" */
	char *kind;     /* "article", "procedure", "known-error" */
	ArticleState state;
	bool is_state_given; /* its file said so; else a known one keeps its */
	char *visibility;    /* "public", "agents" */
	char *text;          /* Markdown */
	int64_t source;      /* ticket that it was made of; or 0 */
	int64_t original;    /* article that it translates; or 0 */
	int64_t created_at;
	int64_t updated_at;
	/* counted from its tickets and votes; not part of a version */
	int proposed; /* how often an acknowledgement named it */
	int solved;   /* ... and the requester said that it helped */
	int votes_up;
	int votes_down;
} Article;

Article *article_new(void);
void article_free(Article *article);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Article, article_free)

/* Are kind and visibility words that there are? */
bool article_kind_is_known(const char *kind);
bool article_visibility_is_known(const char *visibility);

/* The head and the Markdown of a file; what the head does not say has its
 * default (draft, public, article, no language).  A file without a head is an
 * article whose title is its first heading.  Its "id" makes it the new version
 * of that article.  ERROR_MALFORMED with the line. */
Article *article_from_text(const char *text, GError **error);
/* The file of an article; owned by the caller. */
char *article_to_text(const Article *article);

/* A short name for its file, "012-no-imprime.md": number and folded title. */
char *article_file_name(const Article *article);

/* Is there anything in it that another version would have to tell? */
bool article_words_equal(const Article *a, const Article *b);
