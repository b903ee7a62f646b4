#!/bin/sh
# The same mail again: cut short by a pipe that broke, offered twice, through
# three addresses and fifty processes at once (faults.md C-12, C-13, K-01, K-04).
. "${srcdir:-.}/tests/tap.sh"
have sqlite3 || skip_all 'sqlite3 is needed'

"$POSTIGO" -q init "$scratch/desk" >/dev/null || skip_all 'no desk'
POSTIGO_CONFIG=$scratch/desk/postigo.conf
export POSTIGO_CONFIG
database=$(find "$scratch/desk" -name '*.db')
desk=$(sed -nE 's/^[[:blank:]]*address = "([^"]*@[^"]*)".*/\1/p' "$POSTIGO_CONFIG" | head -1)

ask() { sqlite3 "$database" "$1"; }

write_mail() { # ID WORDS: to stdout
	printf 'Received: from a by b; Tue, 24 Nov 2026 15:00:00 +0000\n'
	printf 'From: Rosa <rosa@customer.example>\nTo: %s\n' "$desk"
	printf 'Subject: the printer\nMessage-ID: <%s@customer.example>\n' "$1"
	printf 'Date: Tue, 24 Nov 2026 15:00:00 +0000\n\n%s\n' "$2"
}

# C-13
exits 75 'C-13: nothing at all is a broken pipe, not a mail' \
	"$POSTIGO" deliver </dev/null
is "$(ask 'SELECT count(*) FROM delivery')" 0 'C-13: and nothing was kept'

# C-12
write_mail cut "The printer on the second floor is on fire, please come soon." \
	>"$scratch/whole"
head -c $(($(wc -c <"$scratch/whole") - 20)) "$scratch/whole" >"$scratch/cut"
"$POSTIGO" deliver <"$scratch/cut"
"$POSTIGO" deliver <"$scratch/whole"
is "$(ask 'SELECT count(*) FROM ticket')" 1 'C-12: one ticket'
like "$("$POSTIGO" show 1)" 'please come soon' 'C-12: its text is the whole'
is "$(ask 'SELECT state FROM delivery ORDER BY id' | tr '\n' ' ')" \
	'superseded-by ticketed ' 'C-12: the cut copy is superseded'
mails=$(ask 'SELECT count(*) FROM outbox')
"$POSTIGO" deliver <"$scratch/cut"
is "$(ask 'SELECT state FROM delivery ORDER BY id DESC LIMIT 1')" \
	'duplicate-of' 'C-12: the cut copy once more is a double'
is "$(ask 'SELECT count(*) FROM outbox')" "$mails" 'C-12: and sends nothing'

# K-01
write_mail many 'The same to all of you.' >"$scratch/many"
for number in $(seq 50); do
	"$POSTIGO" deliver -r "$desk" <"$scratch/many" &
	eval "job$number=\$!"
done
failed=0
for number in $(seq 50); do
	eval "wait \$job$number" || failed=$((failed + 1))
done
is "$failed" 0 'K-01: fifty at once, all accepted'
is "$(ask "SELECT count(*) FROM delivery WHERE message_id = 'many@customer.example'")" \
	50 'K-01: fifty deliveries'
is "$(ask "SELECT count(*) FROM message WHERE message_id = 'many@customer.example'")" \
	1 'K-01: one message'
is "$(ask "SELECT count(*) FROM delivery WHERE state = 'duplicate-of'
	AND message_id = 'many@customer.example'")" \
	49 'K-01: the others are marked as its doubles'

# K-04: two at once on one ticket, one of them closing it
"$POSTIGO" -q set 1 state=closed &
closing=$!
"$POSTIGO" -q note 1 'a word beside' &
noting=$!
wait "$closing" && wait "$noting"
is $? 0 'K-04: both orders were taken'
is "$(ask 'SELECT state FROM ticket WHERE id = 1')" closed 'K-04: it is closed'
like "$("$POSTIGO" show 1)" 'a word beside' 'K-04: and the note is there'

ok 'every invariant holds' "$POSTIGO" fsck
ok 'the journal gives every table again' "$POSTIGO" fsck --replay
done_testing
