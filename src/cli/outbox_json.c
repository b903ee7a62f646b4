#include "cli/outbox_json.h"

#include "base/json.h"

json_t *
outbox_json(const OutboxRow *row)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_integer(row->id));
	json_object_set_new(json, "ticket",
	                    row->ticket == 0 ? json_null()
	                                     : json_integer(row->ticket));
	json_object_set_new(json, "kind", json_text(row->kind));
	json_object_set_new(json, "purpose", json_text(row->purpose));
	json_object_set_new(json, "to", json_text(row->to));
	json_object_set_new(json, "from", json_text(row->from));
	json_object_set_new(json, "subject", json_text(row->subject));
	json_object_set_new(json, "message_id", json_text(row->message_id));
	json_object_set_new(json, "state",
	                    json_text(outbox_state_name(row->state)));
	json_object_set_new(json, "attempts", json_integer(row->attempts));
	json_object_set_new(json, "next_attempt",
	                    json_instant(row->next_attempt_at));
	json_object_set_new(json, "last_error", json_text(row->last_error));
	json_object_set_new(json, "last_reply", json_text(row->last_reply));
	return json;
}
