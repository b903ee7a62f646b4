/* Is the clock of this machine to be believed?
 *
 * Two clocks are compared: the one that people set, and the one that counts
 * seconds since the machine started.  If the first has jumped forward by more
 * than GUARD_JUMP_SECONDS beside the second, timers are held until it has been
 * steady for GUARD_STEADY_SECONDS; backwards, they wait by themselves, since a
 * due time is an instant (design section 20, faults.md T-03). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define GUARD_JUMP_SECONDS   900
#define GUARD_STEADY_SECONDS 120

typedef struct ClockReading {
	int64_t now;  /* what people set */
	int64_t boot; /* seconds since the machine started */
} ClockReading;

typedef struct Guard {
	bool is_set; /* false: never looked */
	ClockReading last;
	bool is_held;
	ClockReading held; /* since when */
} Guard;

typedef enum GuardVerdict {
	GUARD_GO,
	GUARD_HOLD,
} GuardVerdict;

/* Looks, and remembers in guard.  is_confirmed: somebody says that the clock is
 * right. */
GuardVerdict guard_look(Guard *guard, const ClockReading *reading,
                        bool is_confirmed);

/* As one line, and back; owned by the caller.  What is no guard is an unset
 * one. */
char *guard_to_text(const Guard *guard);
Guard guard_from_text(const char *text);
