/* Where tests may pull the plug.
 *
 * In a build with --enable-faults, FAULT_POINT("name") counts; when the count
 * reaches $POSTIGO_FAULT_AT the process kills itself (SIGKILL), as a power cut
 * would.  Each point passed is appended to $POSTIGO_FAULT_LOG.  In any other
 * build it is nothing. */
#pragma once

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifdef ENABLE_FAULTS
void fault_point(const char *name);
#define FAULT_POINT(name) fault_point(name)
#else
#define FAULT_POINT(name) ((void)0)
#endif
