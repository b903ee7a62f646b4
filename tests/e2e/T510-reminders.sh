#!/bin/sh
# What was put off comes back: the end of a wait, an agent's reminder.
. "${srcdir:-.}/tests/tap.sh"
unset POSTIGO_CONFIG
cd "$scratch" || exit 99
"$POSTIGO" -q init desk >/dev/null || exit 99
at() { # TIME COMMAND...
	now=$1
	shift
	"$POSTIGO" --now "2026-11-$now:00Z" -c "$scratch/desk/postigo.conf" "$@"
}
state() {
	"$POSTIGO" --json -c desk/postigo.conf list | grep -o '"state": *"[a-z]*"' |
		head -n 1 | grep -o '[a-z]*"$' | tr -d '"'
}
mails() { # TEMPLATE'S WORDS
	for id in $("$POSTIGO" --json -c desk/postigo.conf outbox |
		grep -o '"id": *[0-9]*' | grep -o '[0-9]*'); do
		"$POSTIGO" -c desk/postigo.conf outbox show "$id"
	done | grep -c "$1"
}

printf 'From: Rosa <rosa@c.example>\nSubject: a door\nMessage-ID: <1@c.example>\n\nIt sticks.\n' |
	at 24T10:00 deliver -f rosa@c.example
printf '/take\n' | at 24T10:01 note -a ana 1 >/dev/null
is "$(printf '/pending 2d the carpenter comes\n' |
	at 24T10:05 note -a ana 1 | grep -c pending)" 1 'a ticket waits two days'
is "$(state)" pending 'it is pending'
at 25T10:00 tick --once >/dev/null
is "$(state)" pending 'it still is the day after'
is "$(at 26T10:06 tick --once)" '1 fired, 0 told' 'then the wait is over'
is "$(state)" open 'and it is open again'
is "$(mails 'The wait is over')" 2 'its owner is told, in text and HTML'
at 26T10:07 tick --once >/dev/null
is "$(mails 'The wait is over')" 2 'once'

printf '/remind 1h call the carpenter\n' | at 26T11:00 note -a luis 1 >/dev/null
printf '/pending 1d\n' | at 26T11:01 note -a ana 1 >/dev/null
printf '/reopen\n' | at 26T11:02 note -a ana 1 >/dev/null
at 26T12:01 tick --once >/dev/null
is "$(mails 'Quer.*volver sobre el caso')" 2 \
	'a reminder goes to who asked, in his language'
is "$(mails 'call the carpenter')" 2 'with his words'
at 27T12:00 tick --once >/dev/null
is "$(mails 'The wait is over')" 2 'a wait that was broken off ends silently'
exits 0 'the journal tells all of it' \
	"$POSTIGO" -c desk/postigo.conf fsck --replay

done_testing
