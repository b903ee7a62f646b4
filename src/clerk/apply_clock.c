/* Clocks, timers and notices into rows. */
#include "base/error.h"

#include "store/clocks.h"

#include "clerk/apply.h"
#include "clerk/apply_part.h"

bool
apply_clock(Applying *a)
{
	ClockRow row = { .epoch = apply_number(a, "epoch"),
		         .started_at = apply_number(a, "start"),
		         .since_at = apply_number(a, "since"),
		         .stopped_at = apply_number(a, "stop"),
		         .target = apply_number(a, "target"),
		         .used = apply_number(a, "used"),
		         .worst = apply_number(a, "worst"),
		         .due_at = apply_number(a, "due"),
		         .breached_at = apply_number(a, "breach") };
	ClockKind kind;

	if (!clock_from_name(apply_value(a, "kind"), &kind) ||
	    !clock_state_from_name(apply_value(a, "state"), &row.state))
		return error_set(a->error, ERROR_MALFORMED, "no such clock");
	return store_clock_put(a->place->store, apply_number(a, "ticket"), kind,
	                       &row, a->error);
}

/* Borrows from the action. */
static TimerRow
timer_of(const Applying *a)
{
	return (TimerRow){
		.kind = (char *)(uintptr_t)apply_value(a, "kind"),
		.stage = (char *)(uintptr_t)apply_value(a, "stage"),
		.epoch = apply_number(a, "epoch"),
	};
}

bool
apply_timer(Applying *a)
{
	TimerRow timer = timer_of(a);

	timer.due_at = apply_number(a, "due");
	return store_timer_add(a->place->store, apply_number(a, "ticket"),
	                       &timer, a->error);
}

bool
apply_fire(Applying *a)
{
	TimerRow timer = timer_of(a);

	timer.state = (char *)(uintptr_t)apply_value(a, "state");
	return store_timer_fire(a->place->store, apply_number(a, "ticket"),
	                        &timer, a->error);
}

bool
apply_ack(Applying *a)
{
	return store_timer_ack(a->place->store, apply_number(a, "ticket"),
	                       apply_number(a, "until"), a->error);
}

bool
apply_tell(Applying *a)
{
	NoticeFields notice = { .ticket = apply_number(a, "ticket"),
		                .receiver = apply_value(a, "to"),
		                .kind = apply_value(a, "kind"),
		                .stage = apply_value(a, "stage"),
		                .due_at = apply_number(a, "due"),
		                .at = apply_number(a, "at") };

	return store_notice_add(a->place->store, &notice, a->error);
}

bool
apply_told(Applying *a)
{
	return store_notices_told(a->place->store, apply_value(a, "to"),
	                          apply_number(a, "upto"), a->place->now,
	                          a->error);
}
