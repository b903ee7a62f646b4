#include "message/tnef.h"

#include <string.h>

#include "base/text.h"

#include "message/charset.h"
#include "message/rtf.h"

#define TNEF_SIGNATURE 0x223e9f78u

/* the low half of an attribute's tag (MS-OXTNEF section 2.1.3.1) */
typedef enum Attribute {
	ATT_BODY = 0x800c,
	ATT_ATTACH_DATA = 0x800f,
	ATT_ATTACH_TITLE = 0x8010,
	ATT_ATTACH_REND_DATA = 0x9002,
	ATT_MAPI_PROPS = 0x9003,
	ATT_ATTACHMENT = 0x9005,
	ATT_OEM_CODEPAGE = 0x9007,
} Attribute;

/* ids of properties (MS-OXPROPS) */
typedef enum PropertyId {
	PR_BODY = 0x1000,
	PR_RTF_COMPRESSED = 0x1009,
	PR_BODY_HTML = 0x1013,
	PR_DISPLAY_NAME = 0x3001,
	PR_ATTACH_DATA = 0x3701,
	PR_ATTACH_FILENAME = 0x3704,
	PR_ATTACH_LONG_FILENAME = 0x3707,
	PR_ATTACH_TRANSPORT_NAME = 0x370c,
	PR_ATTACH_MIME_TAG = 0x370e,
	PR_INTERNET_CODEPAGE = 0x3fde,
} PropertyId;

/* types of properties (MS-OXCDATA section 2.11.1) */
#define PT_OBJECT  0x000d
#define PT_STRING8 0x001e
#define PT_UNICODE 0x001f
#define PT_BINARY  0x0102
#define PT_MULTI   0x1000
#define PT_LONG    0x0003

typedef struct FixedType {
	guint16 type;
	gsize octets; /* with padding */
} FixedType;

static const FixedType fixed_types[] = {
	{ 0x0000, 0 },  { 0x0001, 0 }, { 0x0002, 4 }, { PT_LONG, 4 },
	{ 0x0004, 4 },  { 0x0005, 8 }, { 0x0006, 8 }, { 0x0007, 8 },
	{ 0x000a, 4 },  { 0x000b, 4 }, { 0x0014, 8 }, { 0x0040, 8 },
	{ 0x0048, 16 },
};

/* ---- octets ---- */

typedef struct Cursor {
	const guint8 *at;
	gsize left;
} Cursor;

static bool
take(Cursor *cursor, gsize length, Slice *out)
{
	if (length > cursor->left)
		return false;
	*out = (Slice){ (const char *)cursor->at, length };
	cursor->at += length;
	cursor->left -= length;
	return true;
}

static bool
take_number(Cursor *cursor, gsize octets, guint32 *out)
{
	if (cursor->left < octets)
		return false;
	*out = 0;
	for (gsize i = 0; i < octets; i++)
		*out |= (guint32)cursor->at[i] << (8 * i);
	cursor->at += octets;
	cursor->left -= octets;
	return true;
}

/* to a multiple of four; a missing pad at the very end is forgiven */
static void
skip_padding(Cursor *cursor, gsize length)
{
	gsize padding = MIN((4 - length % 4) % 4, cursor->left);

	cursor->at += padding;
	cursor->left -= padding;
}

/* ---- properties ---- */

typedef struct Property {
	guint32 id;
	guint32 type;
	Slice value; /* the first, if there are many */
} Property;

/* What is being read: the message, or one attachment of it. */
typedef struct Reader {
	Tnef *tnef;
	TnefFile *file; /* that properties are for; NULL: the message */
	int name_rank;  /* of the name that file has */
	unsigned depth;
	char codepage[16]; /* "CP1252" */
} Reader;

/* A named property has a GUID and a number or a name before its value. */
static bool
skip_name(Cursor *cursor)
{
	guint32 kind, length;
	Slice skipped;

	if (!take(cursor, 16, &skipped) || !take_number(cursor, 4, &kind) ||
	    !take_number(cursor, 4, &length))
		return false;
	if (kind == 0)
		return true;
	if (!take(cursor, length, &skipped))
		return false;
	skip_padding(cursor, length);
	return true;
}

static bool
fixed_size(guint32 type, gsize *out_octets)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(fixed_types); i++)
		if (fixed_types[i].type == type) {
			*out_octets = fixed_types[i].octets;
			return true;
		}
	return false;
}

static bool
take_sized(Cursor *cursor, Slice *out)
{
	guint32 length;

	if (!take_number(cursor, 4, &length) || !take(cursor, length, out))
		return false;
	skip_padding(cursor, length);
	return true;
}

static bool
is_variable(guint32 type)
{
	return type == PT_STRING8 || type == PT_UNICODE || type == PT_BINARY ||
	       type == PT_OBJECT;
}

static bool
take_values(Cursor *cursor, Property *property)
{
	guint32 type = property->type & ~(guint32)PT_MULTI;
	guint32 count = 1;
	gsize octets;

	if ((property->type & PT_MULTI || is_variable(type)) &&
	    !take_number(cursor, 4, &count))
		return false;
	for (guint32 i = 0; i < count; i++) {
		Slice value;
		bool taken = is_variable(type)
		                     ? take_sized(cursor, &value)
		                     : fixed_size(type, &octets) &&
		                               take(cursor, octets, &value);

		if (!taken ||
		    (value.length == 0 && count > TNEF_PROPERTIES_MAX))
			return false;
		if (i == 0)
			property->value = value;
	}
	property->type = type;
	return true;
}

static bool
take_property(Cursor *cursor, Property *property)
{
	*property = (Property){ 0 };
	if (!take_number(cursor, 2, &property->type) ||
	    !take_number(cursor, 2, &property->id))
		return false;
	if (property->id >= 0x8000 && !skip_name(cursor))
		return false;
	return take_values(cursor, property);
}

/* ---- strings ---- */

static Slice
without_nul(Slice text, gsize width)
{
	while (text.length >= width && text.at[text.length - 1] == '\0' &&
	       text.at[text.length - width] == '\0')
		text.length -= width;
	return text;
}

static char *
text_of(const Reader *reader, const Property *property)
{
	bool wide = property->type == PT_UNICODE;
	Slice text = without_nul(property->value, wide ? 2 : 1);

	return charset_to_utf8(wide ? "UTF-16LE" : reader->codepage, text.at,
	                       text.length, NULL);
}

static void
set_codepage(Reader *reader, Slice value)
{
	Cursor cursor = { (const guint8 *)value.at, value.length };
	guint32 page;

	if (!take_number(&cursor, 4, &page) || page == 0 || page > 65001)
		return;
	if (page == 65001)
		g_strlcpy(reader->codepage, "UTF-8", sizeof reader->codepage);
	else
		g_snprintf(reader->codepage, sizeof reader->codepage, "CP%u",
		           page);
}

/* ---- the message ---- */

static void
keep_body(Reader *reader, const Property *property)
{
	Tnef *tnef = reader->tnef;

	if (property->id == PR_BODY && tnef->text == NULL)
		tnef->text = text_of(reader, property);
	else if (property->id == PR_BODY_HTML && tnef->html == NULL)
		tnef->html = text_of(reader, property);
	else if (property->id == PR_RTF_COMPRESSED && tnef->rtf == NULL)
		tnef->rtf = rtf_decompress(property->value.at,
		                           property->value.length);
}

/* ---- attachments ---- */

static void
file_free(void *data)
{
	TnefFile *file = data;

	g_free(file->name);
	g_free(file->type);
	g_free(file);
}

/* Names in the order of how much they say. */
static const PropertyId name_ranks[] = {
	PR_DISPLAY_NAME,
	PR_ATTACH_FILENAME,
	PR_ATTACH_TRANSPORT_NAME,
	PR_ATTACH_LONG_FILENAME,
};

/* where the title attribute stands among them */
#define TITLE_RANK 1

static void
name_file(Reader *reader, int rank, char *name)
{
	TnefFile *file = reader->file;

	if (*name == '\0' ||
	    (file->name != NULL && rank <= reader->name_rank)) {
		g_free(name);
		return;
	}
	g_free(file->name);
	file->name = name;
	reader->name_rank = rank;
}

static void read_stream(Reader *reader, Cursor cursor);

/* An embedded message is a TNEF stream behind the 16 octets of its interface
 * id; its files are the mail's files too. */
static bool
read_embedded(Reader *reader, Slice object)
{
	Cursor cursor = { (const guint8 *)object.at, object.length };
	Slice interface;
	guint32 signature;

	if (reader->depth >= TNEF_DEPTH_MAX || !take(&cursor, 16, &interface))
		return false;
	Cursor stream = cursor;
	if (!take_number(&cursor, 4, &signature) || signature != TNEF_SIGNATURE)
		return false;
	Tnef inner = { .files = reader->tnef->files };
	Reader nested = { .tnef = &inner, .depth = reader->depth + 1 };
	g_strlcpy(nested.codepage, reader->codepage, sizeof nested.codepage);
	read_stream(&nested, stream);
	g_free(inner.text);
	g_free(inner.html);
	if (inner.rtf != NULL)
		g_string_free(inner.rtf, TRUE);
	return true;
}

static void
keep_data(Reader *reader, const Property *property)
{
	Slice value = property->value;

	reader->file->octets = value;
	if (property->type != PT_OBJECT || value.length < 16)
		return;
	read_embedded(reader, value);
	reader->file->octets = (Slice){ value.at + 16, value.length - 16 };
}

static void
keep_file_property(Reader *reader, const Property *property)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(name_ranks); i++)
		if (property->id == name_ranks[i] &&
		    (property->type == PT_STRING8 ||
		     property->type == PT_UNICODE))
			name_file(reader, (int)i, text_of(reader, property));
	if (property->id == PR_ATTACH_DATA)
		keep_data(reader, property);
	else if (property->id == PR_ATTACH_MIME_TAG &&
	         reader->file->type == NULL)
		reader->file->type = text_of(reader, property);
}

static void
read_properties(Reader *reader, Slice octets)
{
	Cursor cursor = { (const guint8 *)octets.at, octets.length };
	guint32 count;
	Property property;

	if (!take_number(&cursor, 4, &count))
		return;
	count = MIN(count, (guint32)TNEF_PROPERTIES_MAX);
	for (guint32 i = 0; i < count && take_property(&cursor, &property);
	     i++) {
		if (property.id == PR_INTERNET_CODEPAGE &&
		    property.type == PT_LONG)
			set_codepage(reader, property.value);
		else if (reader->file == NULL)
			keep_body(reader, &property);
		else
			keep_file_property(reader, &property);
	}
}

/* ---- the stream ---- */

static void
begin_file(Reader *reader)
{
	reader->file = NULL;
	reader->name_rank = -1;
	if (reader->tnef->files->len >= TNEF_FILES_MAX)
		return;
	reader->file = g_new0(TnefFile, 1);
	reader->file->octets.at = "";
	g_ptr_array_add(reader->tnef->files, reader->file);
}

static void
read_message_attribute(Reader *reader, guint32 id, Slice value)
{
	Property text = { PR_BODY, PT_STRING8, value };

	if (id == ATT_OEM_CODEPAGE)
		set_codepage(reader, value);
	else if (id == ATT_BODY)
		keep_body(reader, &text);
	else if (id == ATT_MAPI_PROPS)
		read_properties(reader, value);
}

static void
read_file_attribute(Reader *reader, guint32 id, Slice value)
{
	Property title = { PR_ATTACH_FILENAME, PT_STRING8, value };

	/* data before the first beginning is seen: it begins one */
	if (id == ATT_ATTACH_REND_DATA || reader->file == NULL)
		begin_file(reader);
	if (reader->file == NULL)
		return;
	if (id == ATT_ATTACH_DATA)
		reader->file->octets = value;
	else if (id == ATT_ATTACH_TITLE)
		name_file(reader, TITLE_RANK, text_of(reader, &title));
	else if (id == ATT_ATTACHMENT)
		read_properties(reader, value);
}

#define LEVEL_MESSAGE    1
#define LEVEL_ATTACHMENT 2

/* level, tag, length, value, checksum */
static bool
read_attribute(Reader *reader, Cursor *cursor)
{
	guint32 level, tag, length, checksum;
	Slice value;

	if (!take_number(cursor, 1, &level) || !take_number(cursor, 4, &tag) ||
	    !take_number(cursor, 4, &length) || !take(cursor, length, &value))
		return false;
	if (level == LEVEL_MESSAGE)
		read_message_attribute(reader, tag & 0xffff, value);
	else if (level == LEVEL_ATTACHMENT)
		read_file_attribute(reader, tag & 0xffff, value);
	else
		return false;
	return take_number(cursor, 2, &checksum);
}

static void
read_stream(Reader *reader, Cursor cursor)
{
	guint32 signature, key;

	if (!take_number(&cursor, 4, &signature) ||
	    !take_number(&cursor, 2, &key))
		return;
	while (read_attribute(reader, &cursor))
		;
}

Tnef *
tnef_read(const char *octets, gsize length)
{
	Cursor cursor = { (const guint8 *)octets, length };
	Cursor head = cursor;
	guint32 signature;

	if (!take_number(&head, 4, &signature) || signature != TNEF_SIGNATURE)
		return NULL;
	Tnef *tnef = g_new0(Tnef, 1);
	tnef->files = g_ptr_array_new_with_free_func(file_free);
	Reader reader = { .tnef = tnef, .codepage = "CP1252" };
	read_stream(&reader, cursor);
	return tnef;
}

void
tnef_free(Tnef *tnef)
{
	if (tnef == NULL)
		return;
	g_ptr_array_unref(tnef->files);
	g_free(tnef->text);
	g_free(tnef->html);
	if (tnef->rtf != NULL)
		g_string_free(tnef->rtf, TRUE);
	g_free(tnef);
}
