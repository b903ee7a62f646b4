#!/bin/sh
# A mail that went out does not go out again: after a crash, after a restore.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"

peer p
desk d "$(in_clear "$port")"
fill 3 'r%d@x.example'
ok 'a backup before' postigo backup "$scratch/backup.db"
send
is "$status $(states) $(taken)" '0 sent sent sent 3' 'three mails go out'

rm -f "$desk/postigo.db-wal" "$desk/postigo.db-shm"
cp "$scratch/backup.db" "$desk/postigo.db"
is "$(states)" 'queued queued queued' 'the database of before is put back'
send
is "$status $(states) $(taken)" '0 sent sent sent 3' \
	'3.6 none of them goes out again'

# after the restore ids begin again: another mail under an old id
rm -f "$desk/postigo.db" "$desk/postigo.db-wal" "$desk/postigo.db-shm"
fill 1 'other%d@x.example'
send
is "$status $(states) $(taken)" '0 sent 4' \
	'another mail under an old id does go out'

# a sender that was killed while it had a row in hand
peer hang 'dot@1=stall'
desk hang "$(in_clear "$port")"
fill 1 'r%d@x.example' 1
fill 1 'r%d@x.example' 0
"$POSTIGO" -c "$desk/postigo.conf" --now "$now" send --once >/dev/null 2>&1 &
sender=$!
wait_for 30 test -f "$peer/index"
kill -9 "$sender"
wait "$sender"
is "$(states)" 'sending sending' 'killed in mid-mail'
send
is "$status $(states) $(taken)" '0 sent sent 3' \
	'C-17 the row of a dead sender is seen at once, and sent again'
is "$(cut -f 5 "$peer/index" | sort | uniq -c | tr -s ' ' | tr '\n' ,)" \
	' 2 p.1.1.x@acme.example, 1 p.1.2.x@acme.example,' \
	'... under its Message-ID'

peer hang0 'dot@1=stall'
desk hang0 "$(in_clear "$port")"
fill 1 'r%d@x.example' 0
"$POSTIGO" -c "$desk/postigo.conf" --now "$now" send --once >/dev/null 2>&1 &
sender=$!
wait_for 30 test -f "$peer/index"
kill -9 "$sender"
wait "$sender"
send
is "$status $(states) $(taken)" '0 uncertain 1' \
	'C-17 one that is not to be doubled stays uncertain'
done_testing
