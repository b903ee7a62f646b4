#include "base/json.h"

#include "base/clock.h"

/* most lines are shorter */
#define LINE_OCTETS 16384

json_t *
json_text(const char *text)
{
	if (text == NULL)
		return json_null();
	json_t *string = json_string(text);
	if (string != NULL)
		return string;
	/* jansson refuses what is not UTF-8; callers clean their text, so this
	 * is the last net, not the way */
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	return json_string(valid);
}

json_t *
json_texts(const GPtrArray *strings)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < strings->len; i++)
		json_array_append_new(list, json_text(strings->pdata[i]));
	return list;
}

json_t *
json_instant(int64_t at)
{
	if (at == 0)
		return json_null();
	g_autofree char *text = instant_to_text(at);
	return json_string(text);
}

static int
append(const char *octets, size_t length, void *line)
{
	g_string_append_len(line, octets, (gssize)length);
	return 0;
}

void
json_print_line(FILE *out, json_t *object)
{
	/* jansson hands out a word at a time: too small for stdio */
	g_autoptr(GString) line = g_string_sized_new(LINE_OCTETS);

	json_dump_callback(object, append, line, JSON_COMPACT);
	g_string_append_c(line, '\n');
	fwrite(line->str, 1, line->len, out);
	json_decref(object);
}
