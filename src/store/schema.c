#include "store/schema.h"

/* each file is a series of string literals */
static const char first[] =
#include "store/schema/001-first.inc"
	;

static const char due[] =
#include "store/schema/002-due.inc"
	;

static const char articles[] =
#include "store/schema/003-articles.inc"
	;

static const char channel[] =
#include "store/schema/004-channel.inc"
	;

static const char orders[] =
#include "store/schema/005-orders.inc"
	;

static const char budget[] =
#include "store/schema/006-budget.inc"
	;

static const char clocks[] =
#include "store/schema/007-clocks.inc"
	;

const char *const schema_steps[SCHEMA_STEPS] = { first,   due,    articles,
	                                         channel, orders, budget,
	                                         clocks };
