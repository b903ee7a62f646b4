#include "config/fill.h"

#include <confuse.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/nearest.h"
#include "base/place.h"

#define SECRET_FILE_MAX  4096
#define LOCAL_PART_MAX   64  /* RFC 5321 section 4.5.3.1 */
#define DOMAIN_MAX       253 /* RFC 1035 section 2.3.4, without the root */
#define DOMAIN_LABEL_MAX 63

typedef struct Filler {
	Desk *desk;
	Faults *faults;
	GArray *filled; /* of FilledSection */
	GString *text;  /* what libconfuse is given */
} Filler;

/* The key whose value is being read. */
typedef struct Slot {
	Filler *filler;
	const KeySpec *spec;
	Place place;
	void *field; /* where it goes */
} Slot;

/* ---- the shape against the schema -------------------------------------------
 */

static void
tell_unknown(Faults *faults, Place place, const char *what, const char *name,
             GArray *words)
{
	const char *near =
		nearest_word(name, (const char *const *)(void *)words->data);

	if (near == NULL)
		faults_add(faults, place, "no %s is called %s", what, name);
	else
		faults_add(faults, place,
		           "no %s is called %s; did you mean %s?", what, name,
		           near);
}

static const SectionSpec *
known_section(Filler *filler, const OutlineSection *section)
{
	const SectionSpec *spec = schema_section(section->kind);

	if (spec == NULL) {
		g_autoptr(GArray) words =
			g_array_new(TRUE, FALSE, sizeof(const char *));
		for (unsigned i = 0; schema_section_at(i) != NULL; i++)
			g_array_append_val(words, schema_section_at(i)->name);
		tell_unknown(filler->faults, section->place, "section",
		             section->kind, words);
		return NULL;
	}
	if (spec->refused != NULL) {
		faults_add(filler->faults, section->place, "%s", spec->refused);
		return NULL;
	}
	return spec;
}

static const FilledSection *
filled_before(const Filler *filler, const OutlineSection *outer,
              const OutlineSection *section)
{
	for (unsigned i = 0; i < filler->filled->len; i++) {
		const FilledSection *filled =
			&g_array_index(filler->filled, FilledSection, i);
		if (filled->outer == outer &&
		    strcmp(filled->outline->kind, section->kind) == 0 &&
		    g_strcmp0(filled->outline->title, section->title) == 0)
			return filled;
	}
	return NULL;
}

static bool
check_title(Filler *filler, const SectionSpec *spec,
            const OutlineSection *section)
{
	if (spec->is_titled && section->title == NULL)
		faults_add(filler->faults, section->place,
		           "a %s section needs a title: %s \"name\" { ... }",
		           spec->name, spec->name);
	else if (!spec->is_titled && section->title != NULL)
		faults_add(filler->faults, section->place,
		           "the %s section has no title", spec->name);
	else
		return true;
	return false;
}

static bool
check_twin(Filler *filler, const OutlineSection *outer,
           const OutlineSection *section)
{
	const FilledSection *twin = filled_before(filler, outer, section);

	if (twin == NULL)
		return true;
	faults_add(filler->faults, section->place,
	           "%s%s%s stands already at %s:%u", section->kind,
	           section->title == NULL ? "" : " ",
	           section->title == NULL ? "" : section->title,
	           twin->outline->place.file, twin->outline->place.line);
	return false;
}

static bool
check_key_form(Filler *filler, const OutlineSection *section,
               const OutlineKey *key, const KeySpec *spec)
{
	bool takes_list = schema_kind_is_list(spec->kind);
	const OutlineKey *first = key;

	for (unsigned i = section->keys->len; i > 0; i--) {
		const OutlineKey *other = section->keys->pdata[i - 1];
		if (strcmp(other->name, key->name) == 0)
			first = other;
	}
	if (spec->kind == KEY_REFUSED)
		faults_add(filler->faults, key->place, "%s", spec->refused);
	else if (!takes_list && (key->is_list || key->is_added))
		faults_add(filler->faults, key->place, "%s takes one value",
		           key->name);
	else if (first != key && !key->is_added)
		faults_add(filler->faults, key->place,
		           "%s stands already in line %u", key->name,
		           first->place.line);
	else
		return takes_list || key->values->len == 1;
	return false;
}

static void
give_key(Filler *filler, const OutlineKey *key, const KeySpec *spec)
{
	bool is_list = schema_kind_is_list(spec->kind);

	g_string_append_printf(filler->text, "%s %s %s", key->name,
	                       key->is_added ? "+=" : "=", is_list ? "{" : "");
	for (unsigned i = 0; i < key->values->len; i++)
		g_string_append_printf(filler->text, "%s%s", i > 0 ? "," : "",
		                       (const char *)key->values->pdata[i]);
	g_string_append(filler->text, is_list ? "}\n" : "\n");
}

static void
accept_key(Filler *filler, const SectionSpec *section_spec,
           const OutlineSection *section, const OutlineKey *key)
{
	const KeySpec *spec = schema_key(section_spec, key->name);

	if (spec != NULL) {
		if (check_key_form(filler, section, key, spec))
			give_key(filler, key, spec);
		return;
	}
	g_autoptr(GArray) words =
		g_array_new(TRUE, FALSE, sizeof(const char *));
	g_autofree char *what = g_strdup_printf("key of %s", section->kind);
	for (spec = section_spec->keys; spec->name != NULL; spec++)
		g_array_append_val(words, spec->name);
	tell_unknown(filler->faults, key->place, what, key->name, words);
}

/* outer: the struct that it goes into */
static void *
target_for(void *outer, const SectionSpec *spec)
{
	char *base = (char *)outer + spec->offset;

	if (!spec->is_titled)
		return base;
	void *target = g_malloc0(spec->size);
	spec->set_defaults(target);
	g_ptr_array_add(*(GPtrArray **)(void *)base, target);
	return target;
}

static void accept_section(Filler *filler, const FilledSection *outer,
                           const SectionSpec *spec,
                           const OutlineSection *section);

static void
accept_inner(Filler *filler, const FilledSection *outer)
{
	const OutlineSection *section = outer->outline;

	for (unsigned i = 0; i < section->sections->len; i++) {
		const OutlineSection *inner = section->sections->pdata[i];
		const SectionSpec *spec =
			schema_inner(outer->spec, inner->kind);
		if (spec != NULL)
			accept_section(filler, outer, spec, inner);
		else
			faults_add(filler->faults, inner->place,
			           "a %s section stands in a %s section; is a "
			           "\"}\" missing before it?",
			           inner->kind, section->kind);
	}
}

/* outer: the section around it, or NULL. */
static void
accept_section(Filler *filler, const FilledSection *outer,
               const SectionSpec *spec, const OutlineSection *section)
{
	const OutlineSection *around = outer == NULL ? NULL : outer->outline;

	if (!check_title(filler, spec, section) ||
	    !check_twin(filler, around, section))
		return;
	FilledSection filled = {
		section, around, spec,
		target_for(outer == NULL ? filler->desk : outer->target, spec)
	};
	if (spec->is_titled)
		*(const char **)(void *)((char *)filled.target +
		                         spec->title_offset) =
			desk_keep(filler->desk, section->title);
	g_array_append_val(filler->filled, filled);
	g_string_append_printf(filler->text, "%s '%s' {\n", section->kind,
	                       section->title == NULL ? "" : section->title);
	for (unsigned i = 0; i < section->keys->len; i++)
		accept_key(filler, spec, section, section->keys->pdata[i]);
	accept_inner(filler, &filled);
	g_string_append(filler->text, "}\n");
}

static void
accept_known(Filler *filler, const OutlineSection *section)
{
	const SectionSpec *spec = known_section(filler, section);

	if (spec != NULL)
		accept_section(filler, NULL, spec, section);
}

static void
require_sections(Filler *filler, const Outline *outline)
{
	const char *file = outline->files->pdata[0];

	for (unsigned i = 0; schema_section_at(i) != NULL; i++) {
		const SectionSpec *spec = schema_section_at(i);
		bool is_there = false;
		for (unsigned j = 0; j < outline->sections->len; j++) {
			const OutlineSection *section =
				outline->sections->pdata[j];
			is_there |= strcmp(section->kind, spec->name) == 0;
		}
		if (spec->is_required && !is_there)
			faults_add(filler->faults, (Place){ file, 0 },
			           "there is no %s section", spec->name);
	}
}

/* ---- values ---- */

static bool
is_domain_character(char c)
{
	return g_ascii_isalnum(c) || c == '-';
}

bool
fill_is_domain(const char *domain)
{
	size_t label = 0;
	const char *c = domain;

	for (; *c != '\0'; c++) {
		if (*c == '.') {
			if (label == 0 || c[-1] == '-' || c[1] == '-')
				return false;
			label = 0;
		} else if (!is_domain_character(*c) ||
		           ++label > DOMAIN_LABEL_MAX) {
			return false;
		}
	}
	return label > 0 && c - domain <= DOMAIN_MAX && *domain != '-' &&
	       c[-1] != '-';
}

/* RFC 5322 section 3.2.3: atext and single dots */
bool
fill_is_address(const char *address)
{
	const char *at = strrchr(address, '@');

	if (at == NULL || at == address || at - address > LOCAL_PART_MAX)
		return false;
	for (const char *c = address; c < at; c++) {
		if (*c == '.' && (c == address || c + 1 == at || c[1] == '.'))
			return false;
		if (!g_ascii_isalnum(*c) && *c != '.' &&
		    strchr("!#$%&'*+-/=?^_`{|}~", *c) == NULL)
			return false;
	}
	return fill_is_domain(at + 1);
}

static bool
refuse(const Slot *slot, const char *value, const char *expected)
{
	faults_add(slot->filler->faults, slot->place, "%s = \"%s\": %s",
	           slot->spec->name, value, expected);
	return false;
}

static bool
is_clean(const Slot *slot, const char *value)
{
	if (!g_utf8_validate(value, -1, NULL))
		return refuse(slot, "...", "not UTF-8");
	for (const char *c = value; *c != '\0'; c = g_utf8_next_char(c))
		if (g_unichar_iscntrl(g_utf8_get_char(c)))
			return refuse(slot, "...", "holds a control character");
	return true;
}

static int
word_index(const char *const *words, const char *value)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], value) == 0)
			return i;
	return -1;
}

static bool
check_word(const Slot *slot, const char *value)
{
	if (word_index(slot->spec->words, value) >= 0)
		return true;
	g_autofree char *words =
		g_strjoinv(", ", (char **)(uintptr_t)slot->spec->words);
	g_autofree char *expected = g_strconcat("must be one of ", words, NULL);
	return refuse(slot, value, expected);
}

/* What every string of that kind must be, alone or in a list. */
static bool
check_string(const Slot *slot, const char *value)
{
	if (!is_clean(slot, value))
		return false;
	switch (slot->spec->kind) {
	case KEY_ADDRESS:
	case KEY_ADDRESSES:
		return fill_is_address(value) ||
		       refuse(slot, value, "not an address (user@domain)");
	case KEY_WORD:
	case KEY_WORDS:
		return check_word(slot, value);
	case KEY_TEXTS:
		return true; /* the empty subject tag has its meaning */
	case KEY_TEXT:
	case KEY_NAME:
	case KEY_NAMES:
	case KEY_PATH:
	case KEY_PLACES:
	case KEY_SECRET:
		return *value != '\0' || refuse(slot, value, "is empty");
	case KEY_CHOICE:
	case KEY_FLAG:
	case KEY_NUMBER:
	case KEY_OCTETS:
	case KEY_WORKING_TIME:
	case KEY_SECONDS:
	case KEY_REFUSED:
		break;
	}
	return true;
}

static char *
beside_file(const Slot *slot, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(slot->place.file);

	return g_path_is_absolute(path) || strcmp(folder, ".") == 0
	               ? g_strdup(path)
	               : g_build_filename(folder, path, NULL);
}

/* RFC 5321 section 2.4: local parts may be case sensitive; ours are not, and
 * agents are compared without case. */
static char *
normal_form(const Slot *slot, const char *value)
{
	KeyKind kind = slot->spec->kind;

	if (kind == KEY_ADDRESS || kind == KEY_ADDRESSES)
		return g_ascii_strdown(value, -1);
	if (kind == KEY_PATH || (kind == KEY_PLACES && place_is_path(value)))
		return beside_file(slot, value);
	return g_strdup(value);
}

static void
fill_string(const Slot *slot, const char *value)
{
	if (!check_string(slot, value))
		return;
	g_autofree char *normal = normal_form(slot, value);
	*(const char **)slot->field = desk_keep(slot->filler->desk, normal);
}

static void
fill_list(const Slot *slot, cfg_opt_t *option)
{
	g_auto(GStrv) list = g_new0(char *, cfg_opt_size(option) + 1);
	unsigned count = 0;

	for (unsigned i = 0; i < cfg_opt_size(option); i++) {
		const char *value = cfg_opt_getnstr(option, i);
		if (!check_string(slot, value))
			continue;
		g_autofree char *normal = normal_form(slot, value);
		if (g_strv_contains((const char *const *)list, normal))
			refuse(slot, normal, "stands twice in this list");
		else
			list[count++] = g_steal_pointer(&normal);
	}
	if (cfg_opt_size(option) == 0 && slot->spec->is_required)
		faults_add(slot->filler->faults, slot->place,
		           "%s needs at least one value", slot->spec->name);
	*(const char *const **)slot->field =
		desk_keep_list(slot->filler->desk, (const char *const *)list);
}

static void
fill_flag(const Slot *slot, const char *value)
{
	static const char *const words[] = { "no",  "yes", "false", "true",
		                             "off", "on",  NULL };
	int index = word_index(words, value);

	if (index < 0)
		refuse(slot, value, "must be yes or no");
	else
		*(bool *)slot->field = index % 2 == 1;
}

static void
fill_choice(const Slot *slot, const char *value)
{
	if (check_word(slot, value))
		*(int *)slot->field = word_index(slot->spec->words, value);
}

static void
fill_number(const Slot *slot, const char *value)
{
	gint64 number;

	if (g_ascii_string_to_signed(value, 10, slot->spec->min,
	                             slot->spec->max, &number, NULL)) {
		*(int *)slot->field = (int)number;
		return;
	}
	g_autofree char *expected =
		g_strdup_printf("must be a number from %d to %d",
	                        slot->spec->min, slot->spec->max);
	refuse(slot, value, expected);
}

static void
fill_working_time(const Slot *slot, const char *value)
{
	if (!working_time_from_text(value, slot->field))
		refuse(slot, value, "must be a time such as 30m, 4h or 3d");
}

#define OCTETS_DIGITS_MAX 12

static void
fill_octets(const Slot *slot, const char *value)
{
	static const char units[] = "KMG";
	size_t digits = strspn(value, "0123456789");
	const char *unit =
		value[digits] == '\0' ? NULL : strchr(units, value[digits]);
	bool has_one_unit = unit != NULL && value[digits + 1] == '\0';
	int shift = unit == NULL ? 0 : 10 * ((int)(unit - units) + 1);

	if (digits == 0 || digits > OCTETS_DIGITS_MAX - (size_t)shift / 4 ||
	    (value[digits] != '\0' && !has_one_unit))
		refuse(slot, value, "must be a size such as 500K, 50M or 1G");
	else
		*(int64_t *)slot->field = g_ascii_strtoll(value, NULL, 10)
		                          << shift;
}

/* RFC 3339 has no spans; these are the ones of design section 7. */
static void
fill_seconds(const Slot *slot, const char *value)
{
	static const struct {
		char unit;
		int seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };

	size_t digits = strspn(value, "0123456789");
	gint64 number = digits > OCTETS_DIGITS_MAX
	                        ? -1
	                        : g_ascii_strtoll(value, NULL, 10);

	for (unsigned i = 0; i < G_N_ELEMENTS(units); i++) {
		gint64 seconds = number * units[i].seconds;

		if (digits > 0 && value[digits] == units[i].unit &&
		    value[digits + 1] == '\0' && seconds >= slot->spec->min &&
		    seconds <= slot->spec->max) {
			*(int *)slot->field = (int)seconds;
			return;
		}
	}
	g_autofree char *expected = g_strdup_printf(
		"must be a time such as 30s, 5m or 2h, from %ds to %dh",
		slot->spec->min, slot->spec->max / 3600);
	refuse(slot, value, expected);
}

static void
fill_secret(const Slot *slot, const char *value)
{
	g_autofree char *path = beside_file(slot, value);
	g_autoptr(GError) error = NULL;
	struct stat st;

	if (stat(path, &st) != 0) {
		refuse(slot, path, g_strerror(errno));
		return;
	}
	if ((st.st_mode & S_IRWXO) != 0) {
		refuse(slot, path, "everybody may read it (chmod 600)");
		return;
	}
	g_autoptr(GBytes) bytes = io_read_file(path, SECRET_FILE_MAX, &error);
	if (bytes == NULL) {
		faults_add(slot->filler->faults, slot->place, "%s",
		           error->message);
		return;
	}
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *text = g_strndup(data, size);
	text[strcspn(text, "\r\n")] = '\0';
	if (*text == '\0')
		refuse(slot, path, "its first line is empty");
	else if (is_clean(slot, text))
		*(const char **)slot->field =
			desk_keep(slot->filler->desk, text);
}

static void (*const fillers[])(const Slot *slot, const char *value) = {
	[KEY_TEXT] = fill_string,
	[KEY_NAME] = fill_string,
	[KEY_PATH] = fill_string,
	[KEY_ADDRESS] = fill_string,
	[KEY_WORD] = fill_string,
	[KEY_CHOICE] = fill_choice,
	[KEY_FLAG] = fill_flag,
	[KEY_NUMBER] = fill_number,
	[KEY_OCTETS] = fill_octets,
	[KEY_SECRET] = fill_secret,
	[KEY_WORKING_TIME] = fill_working_time,
	[KEY_SECONDS] = fill_seconds,
};

static void
fill_value(const Slot *slot, cfg_opt_t *option)
{
	if (schema_kind_is_list(slot->spec->kind)) {
		fill_list(slot, option);
		return;
	}
	const char *value = cfg_opt_getnstr(option, 0);
	if (is_clean(slot, value))
		fillers[slot->spec->kind](slot, value);
}

/* ---- libconfuse ---- */

/* What the tables of options are made of, while libconfuse reads. */
typedef struct OptionTables {
	GPtrArray *arrays; /* of GArray of cfg_opt_t */
} OptionTables;

static GArray *options_of_keys(OptionTables *tables, const KeySpec *keys);

/* Every section is titled here, those without one by ''. */
static void
add_section(OptionTables *tables, GArray *options, const SectionSpec *spec)
{
	GArray *keys = options_of_keys(tables, spec->keys);
	cfg_opt_t end = CFG_END();

	for (const SectionSpec *inner = spec->inner;
	     inner != NULL && inner->name != NULL; inner++)
		add_section(tables, keys, inner);
	g_array_append_val(keys, end);
	cfg_opt_t section = CFG_SEC(spec->name, (cfg_opt_t *)(void *)keys->data,
	                            CFGF_MULTI | CFGF_TITLE);
	g_array_append_val(options, section);
}

static GArray *
options_of_keys(OptionTables *tables, const KeySpec *keys)
{
	GArray *options = g_array_new(FALSE, FALSE, sizeof(cfg_opt_t));

	g_ptr_array_add(tables->arrays, options);
	for (const KeySpec *key = keys; key->name != NULL; key++) {
		cfg_opt_t one = CFG_STR(key->name, NULL, CFGF_NODEFAULT);
		cfg_opt_t list = CFG_STR_LIST(key->name, NULL, CFGF_NODEFAULT);
		if (schema_kind_is_list(key->kind))
			g_array_append_val(options, list);
		else
			g_array_append_val(options, one);
	}
	return options;
}

static cfg_t *
cfg_for_schema(void)
{
	g_autoptr(GArray) options =
		g_array_new(FALSE, FALSE, sizeof(cfg_opt_t));
	OptionTables tables = { g_ptr_array_new_with_free_func(
		(GDestroyNotify)g_array_unref) };
	cfg_opt_t end = CFG_END();

	for (unsigned i = 0; schema_section_at(i) != NULL; i++)
		if (schema_section_at(i)->refused == NULL)
			add_section(&tables, options, schema_section_at(i));
	g_array_append_val(options, end);
	cfg_t *cfg = cfg_init((cfg_opt_t *)(void *)options->data, CFGF_NONE);
	g_ptr_array_unref(tables.arrays); /* cfg has copied them */
	return cfg;
}

static cfg_t *
section_of(cfg_t *cfg, const OutlineSection *outline)
{
	return cfg_gettsec(cfg, outline->kind,
	                   outline->title == NULL ? "" : outline->title);
}

static void
require_key(Filler *filler, const OutlineSection *outline, const KeySpec *key)
{
	if (key->is_required && outline_key(outline, key->name) == NULL)
		faults_add(filler->faults, outline->place,
		           "%s%s%s needs the key %s", outline->kind,
		           outline->title == NULL ? "" : " ",
		           outline->title == NULL ? "" : outline->title,
		           key->name);
}

static void
fill_section(Filler *filler, cfg_t *cfg, const FilledSection *filled)
{
	const OutlineSection *outline = filled->outline;
	cfg_t *around =
		filled->outer == NULL ? cfg : section_of(cfg, filled->outer);
	cfg_t *section = section_of(around, outline);

	for (const KeySpec *key = filled->spec->keys; key->name != NULL;
	     key++) {
		cfg_opt_t *option = cfg_getopt(section, key->name);
		bool is_there = outline_key(outline, key->name) != NULL;
		bool is_empty_list = is_there && key->is_required &&
		                     schema_kind_is_list(key->kind);
		require_key(filler, outline, key);
		if (cfg_opt_size(option) == 0 && !is_empty_list)
			continue;
		Slot slot = { filler, key, outline_place(outline, key->name),
			      (char *)filled->target + key->offset };
		fill_value(&slot, option);
	}
}

/* outline.c has let pass only what libconfuse reads the same way. */
static void
keep_quiet(cfg_t *cfg, const char *format, va_list args)
{
	(void)cfg;
	(void)format;
	(void)args;
}

GArray *
fill_desk(Desk *desk, const Outline *outline, Faults *faults)
{
	g_autoptr(GString) text = g_string_new(NULL);
	Filler filler = { .desk = desk,
		          .faults = faults,
		          .text = text,
		          .filled = g_array_new(FALSE, FALSE,
		                                sizeof(FilledSection)) };

	/* after a fault of the syntax, what is missing is not missing */
	if (faults_count(faults) == 0)
		require_sections(&filler, outline);
	for (unsigned i = 0; i < outline->sections->len; i++)
		accept_known(&filler, outline->sections->pdata[i]);
	cfg_t *cfg = cfg_for_schema();
	cfg_set_error_function(cfg, keep_quiet);
	int result = cfg_parse_buf(cfg, text->str);
	g_assert(result == CFG_SUCCESS);
	for (unsigned i = 0; i < filler.filled->len; i++)
		fill_section(&filler, cfg,
		             &g_array_index(filler.filled, FilledSection, i));
	cfg_free(cfg);
	return filler.filled;
}
