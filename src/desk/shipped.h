/* The files of templates/, which are compiled into the program. */
#pragma once

/* The text of "en/ack.txt", "postigo.conf" ...; NULL if there is none. */
const char *shipped_text(const char *path);

/* The names, in the order of the makefile; NULL behind the last. */
const char *shipped_path(unsigned i);
