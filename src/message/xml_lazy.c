#include "message/xml_lazy.h"

#include "base/lazy.h"

static const char *const sonames[] = { "libxml2.so.2", NULL };

static const LazyFunction functions[] = {
	{ "htmlCreatePushParserCtxt", offsetof(XmlTable, parser_new) },
	{ "htmlCtxtUseOptions", offsetof(XmlTable, use_options) },
	{ "htmlParseChunk", offsetof(XmlTable, parse) },
	{ "htmlFreeParserCtxt", offsetof(XmlTable, parser_free) },
	{ NULL, 0 },
};

const XmlTable *
xml_lazy(void)
{
	static XmlTable table;
	static bool is_filled;
	g_autoptr(GError) error = NULL;

	if (!is_filled && !lazy_load(sonames, functions, &table, &error))
		g_error("%s", error->message);
	is_filled = true;
	return &table;
}
