/* libxml2's HTML parser, loaded for the first HTML that is read: with it come
 * ICU and the C++ library, half of what a delivery would spend on starting. */
#pragma once

#include <libxml/HTMLparser.h>

typedef struct XmlTable {
	htmlParserCtxtPtr (*parser_new)(htmlSAXHandlerPtr sax, void *data,
	                                const char *chunk, int size,
	                                const char *filename,
	                                xmlCharEncoding encoding);
	int (*use_options)(htmlParserCtxtPtr parser, int options);
	int (*parse)(htmlParserCtxtPtr parser, const char *chunk, int size,
	             int is_last);
	void (*parser_free)(htmlParserCtxtPtr parser);
} XmlTable;

/* The same table each time, never freed.  Without the library, which the
 * package depends on, the process ends (the reader's child: the mail is then
 * read without its text). */
const XmlTable *xml_lazy(void);
