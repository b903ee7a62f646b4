#!/bin/sh
# S-06: a server whose replies are none, or have no end.  Ours stays small, the
# link is dropped, and the row is tried again.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"

# The same words at MAIL (our reader) and as a banner (libcurl's).
broken() { # TITLE ACTION
	peer "m$tap_count" "mail@1=$2|close" "connect@3=$2|close"
	desk "m$tap_count" "$(in_clear "$port")"
	fill 2 'r%d@x.example' 0
	send
	is "$status $(states)" '0 deferred sent' \
		"S-06 $1 at MAIL: the row waits, the next goes out"
	later 60
	send
	is "$status $(states)" '69 deferred sent' \
		"S-06 $1 as a banner: the channel rests, the row is kept"
	send
	is "$status $(states) $(taken)" '0 sent sent 2' '... and goes out later'
	now=2026-03-02T09:00:00Z
}

broken 'a line of a megabyte' 'flood:1000000:2'
broken 'a million lines' 'flood:1000000:250-more\r\n'
broken 'five digits' 'raw:2500\r\n'
broken 'two digits' 'raw:25\r\n'
broken 'a NUL' 'raw:250 a\0b\r\n'
broken 'code 199' 'raw:199 hello\r\n'
broken 'code 666' 'raw:666 hello\r\n'

peer dot 'dot@1=raw:2500\r\n|close'
desk dot "$(in_clear "$port")"
fill 1 'r%d@x.example' 0
send
is "$(states)" uncertain 'S-06 no reply after the dot: nobody can say'

peer tail 'dot@1=250 2.0.0 taken;250 2.0.0 and again'
desk tail "$(in_clear "$port")"
fill 2 'r%d@x.example' 0
send
is "$(states) $(taken) $(grep -c '> 220' "$peer/wire")" 'sent sent 2 2' \
	'a second reply to one mail is not taken for one to the next'
done_testing
