#include "desk/shipped.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

static const struct {
	const char *path;
	const char *text;
} files[] = {

#include "desk/shipped_files.inc"
};

const char *
shipped_text(const char *path)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(files); i++)
		if (strcmp(files[i].path, path) == 0)
			return files[i].text;
	return NULL;
}

const char *
shipped_path(unsigned i)
{
	return i < G_N_ELEMENTS(files) ? files[i].path : NULL;
}
