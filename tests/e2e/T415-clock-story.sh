#!/bin/sh
# Three working days of one incident, in English and in Spanish: opened on a
# Friday at 16:30, warned, broken, passed to level 2, repeated until somebody
# answers, pending, answered, resolved.  Every mail is in a golden file.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
have python3 || skip_all 'python3 is not installed'
have sqlite3 || skip_all 'sqlite3 is not installed'

# configure LANGUAGE
configure() {
	cat >"$scratch/desk/postigo.conf" <<CONF
desk { name = "Help desk" address = "desk@desk.test" language = "$1"
	timezone = "America/Bogota" database = "postigo.db" key = "postigo.key" }
queue "support" { address = {"desk@desk.test"} team = "level1"
	sla = "standard" ladder = "default" }
team "level1" { members = {"ana"} level = 1 }
team "level2" { members = {"eva"} level = 2 }
agent "ana" { name = "Ana Ríos" address = {"ana@staff.test"} }
agent "eva" { name = "Eva Roa" address = {"eva@staff.test"} calendar = "office" }
calendar "office" { hours = {"Mon-Fri 08:00-12:00 13:00-17:00"}
	holidays = {"2026-03-10 08:00-12:00 Town day"} }
sla "standard" { calendar = "office" first-response = "2h"
	next-response = "4h" resolution = "2d" warn = {50} }
ladder "default" {
	step "level-2" { at = "breach" clocks = {"first-response"}
		team = "level2" notify = {"team", "boss@staff.test"} repeat = "1h" }
}
trust { authserv-id = {"mail.desk.test"} received-by = {"mail.desk.test"}
	strips-forged = yes }
CONF
}

at() { # INSTANT COMMAND...: at that time of March 2026 in Bogota
	when=$1
	shift
	"$postigo" --now "2026-03-${when}:00-05:00" "$@"
}

# mail INSTANT FROM TO TEXT
mail() {
	printf 'Authentication-Results: mail.desk.test; dmarc=pass header.from=%s\r
From: <%s>\r\nTo: <%s>\r\nSubject: No network\r
Message-ID: <%s.%s>\r\nDate: Fri, 06 Mar 2026 16:30:00 -0500\r\n\r\n%s\r\n' \
		"${2#*@}" "$2" "$3" "$(echo "$1" | tr -d ':-')" "$2" "$4" |
		at "$1" deliver -f "$2" -r "$3"
}

# reply_to NUMBER: where an answer to that outgoing mail goes
reply_to() {
	"$postigo" outbox show "$1" | sed -n 's/^Reply-To: *//p' | tr -d '\r' |
		head -n 1
}

# last ADDRESS: the number of the last mail to it
last() {
	sqlite3 "$scratch/desk/postigo.db" \
		"SELECT max(id) FROM outbox WHERE recipient = '$1'"
}

story() {
	mail 06T16:30 rosa@acme.test desk@desk.test 'The network is down.'
	for when in 06T16:59 09T07:00 09T08:29 09T08:30 09T08:31 09T09:29; do
		at "$when" -q tick --once
	done
	at 09T09:31 -q tick --once # broken: level 2
	at 09T09:32 -q tick --once
	at 09T10:31 -q tick --once # again
	mail 09T10:40 eva@staff.test "$(reply_to "$(last eva@staff.test)")" \
		'/ack
/note
I look at it.'
	at 09T11:45 -q tick --once # quiet
	mail 09T13:30 eva@staff.test "$(reply_to "$(last eva@staff.test)")" \
		'/state pending
Please restart the router.'
	at 10T10:00 -q tick --once # stands
	mail 10T10:30 rosa@acme.test "$(reply_to "$(last rosa@acme.test)")" \
		'It does not help.'
	at 11T10:00 -q tick --once # half of next-response is used
	mail 11T10:15 eva@staff.test "$(reply_to "$(last eva@staff.test)")" \
		'/resolve
A cable was broken. It works again.'
	mail 11T10:20 rosa@acme.test "$(reply_to "$(last rosa@acme.test)")" \
		'Thank you!'
	at 20T10:00 -q tick --once
}

# clock NAME FIELD
clock() {
	at 20T10:00 --json sla 1 | python3 -c '
import json, sys
for line in sys.stdin:
    clock = json.loads(line)
    if clock["clock"] == sys.argv[1]:
        print(clock[sys.argv[2]])' "$1" "$2"
}

for language in en es; do
	rm -rf "$scratch/desk"
	# shellcheck disable=SC2119
	make_desk >/dev/null 2>&1
	configure "$language"
	story
	python3 "$srcdir/tests/e2e/clocks.py" "$scratch/desk/postigo.db" \
		>"$scratch/mails.$language"
	golden=$srcdir/tests/e2e/T415-clock-story.$language
	[ -z "${UPDATE-}" ] || cp "$scratch/mails.$language" "$golden"
	ok "each mail of the story ($language)" \
		diff -u "$golden" "$scratch/mails.$language"
	# Friday 16:30 to Monday 13:30: half an hour, four, half an hour
	is "$(clock first-response used)" $((5 * 3600)) \
		"T-02 first response took five working hours ($language)"
	is "$(clock first-response breached)" True "and that was too late"
	# Tuesday 10:30 to 12:00, a short day; Wednesday 8:00 to 10:15
	is "$(clock next-response used)" $((3 * 3600 + 45 * 60)) \
		"T-02 the next one in time, over a short day ($language)"
	is "$(clock next-response breached)" False "and in time"
	# pending from Monday 13:30 to Tuesday 10:30 does not count
	is "$(clock resolution used)" $((8 * 3600 + 45 * 60)) \
		"what was pending is no time of resolution ($language)"
	is "$(clock resolution state)" stopped 'thanks do not start it again'
	is "$(at 20T10:00 --json list overdue:yes)" '' 'nothing is overdue'
	exits 0 "the journal gives it all again ($language)" \
		"$postigo" -q fsck --replay
done

done_testing
