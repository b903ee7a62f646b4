/* The yardstick of parse.sh: what GMime needs to parse the same files and to
 * decode every part once, without looking at any of it. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <gmime/gmime.h>

static void
walk_part(GMimeObject *parent, GMimeObject *part, gpointer sink)
{
	(void)parent;
	if (!GMIME_IS_PART(part))
		return;
	GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)part);
	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, sink);
}

static int
walk_file(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return 1;
	GMimeStream *stream = g_mime_stream_fs_new(fd);
	GMimeStream *sink = g_mime_stream_null_new();
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	if (message != NULL) {
		g_mime_message_foreach(message, walk_part, sink);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(sink);
	g_object_unref(stream);
	return 0;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	g_mime_init();
	for (int i = 1; i < argc; i++)
		failed += walk_file(argv[i]);
	g_mime_shutdown();
	return failed > 0;
}
