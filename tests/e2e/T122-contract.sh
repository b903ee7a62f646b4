#!/bin/sh
# What scripts of others rely on: the keys of the JSON, never renamed, absent
# values null; exit statuses; errors on standard error that say what and why.
. "${srcdir:-.}/tests/tap.sh"
have python3 || skip_all 'python3 is needed'

"$POSTIGO" -q init "$scratch/desk" >/dev/null || skip_all 'no desk'
POSTIGO_CONFIG=$scratch/desk/postigo.conf
export POSTIGO_CONFIG
printf '%s\n' 'Received: from a by b; Tue, 24 Nov 2026 15:00:00 +0000' \
	'From: Rosa <rosa@customer.example>' 'To: desk@acme.example' \
	'Subject: señal caída' 'Message-ID: <one@customer.example>' \
	'Date: Tue, 24 Nov 2026 15:00:00 +0000' '' 'La señal NEAR( el piso' \
	>"$scratch/mail"
"$POSTIGO" deliver -f rosa@customer.example <"$scratch/mail"
sed 's/<one@/<two@/; s/^From:.*/From: eve@evil.example/
	s/^Subject:.*/In-Reply-To: <one@customer.example>\
Subject: Re: me too/' "$scratch/mail" >"$scratch/stranger"
"$POSTIGO" deliver -f eve@evil.example <"$scratch/stranger"

keys() { # WANTED... : of each JSON line on standard input
	python3 -c '
import json, sys
want = sys.argv[1:]
rows = [json.loads(line) for line in sys.stdin]
assert rows, "no line"
for row in rows:
    assert sorted(row) == sorted(want), sorted(set(row) ^ set(want))
' "$@"
}

has_keys() { # "ARGUMENTS" KEYS...
	words=$1
	shift
	# shellcheck disable=SC2086 # words of a command line
	"$POSTIGO" --json $words | keys "$@"
}

list='id type state priority impact urgency queue team owner level subject
requester created updated resolved closed sla due breached tags fields'
# shellcheck disable=SC2086 # lists of words
{
	ok 'list' has_keys list $list
	ok 'show' has_keys 'show 1' $list messages links watchers timers events \
		merged_into
	ok 'messages' has_keys messages message_id file_sha256 ticket parent \
		direction class received
	ok 'outbox' has_keys outbox id ticket kind purpose to from subject \
		message_id state attempts next_attempt last_error last_reply
	ok 'quarantine' has_keys quarantine id received from to subject reason \
		ticket
	ok 'explain' has_keys "explain $scratch/stranger" class answerable evidence \
		principal thread rules plan notifications
	ok 'parse' has_keys "parse $scratch/mail" file sha256 size message_id \
		in_reply_to references from sender reply_to to cc subject date \
		class answerable evidence bounce text has_html reply signature \
		forwarded attachments signed encrypted structure warnings
}

inner() { # "ARGUMENTS" PYTHON-EXPRESSION about the first row r
	words=$1
	# shellcheck disable=SC2086 # words of a command line
	"$POSTIGO" --json $words | python3 -c '
import json, sys
r = json.loads(sys.stdin.readline())
assert eval(" ".join(sys.argv[1].split())), r' "$2"
}

ok 'show: keys of a message' inner 'show 1' "set(r['messages'][0]) == set(
	'id message_id direction from to date received class visibility subject text
	reply attachments delivery'.split())"
ok 'show: keys of an event' inner 'show 1' \
	"set(r['events'][0]) == set('at actor action text'.split())"
ok 'list: the due times are there, and null' inner list \
	"r['due'] == {'first_response': None, 'next_response': None, 'resolution': None}"
ok 'explain: principal and thread' inner "explain $scratch/stranger" \
	"set(r['principal']) == {'address', 'role', 'level', 'why'} and
	set(r['thread']) == {'ticket', 'by', 'candidates'}"
ok 'explain: what would be sent' inner "explain $scratch/mail" \
	"all(set(n) == {'purpose', 'to', 'subject'} for n in r['notifications'])"
ok 'times are RFC 3339 in UTC' inner list \
	"__import__('re').fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', r['created'])"

exits 66 'show: no such ticket' "$POSTIGO" show 99
exits 66 'set: no such ticket' "$POSTIGO" set 99 priority=high
exits 64 'set: a value that cannot be' "$POSTIGO" set 1 priority=purple
exits 64 'list: a key that is not' "$POSTIGO" list colour:red
exits 64 'no such command' "$POSTIGO" dance
exits 64 'show: not a number' "$POSTIGO" show one
exits 66 'why: no such mail' "$POSTIGO" why '<nobody@nowhere>'
exits 66 'explain: no such file' "$POSTIGO" explain "$scratch/none"
exits 78 'no configuration' "$POSTIGO" -c "$scratch/none" list
exits 75 'deliver: no configuration is later, never a bounce' \
	"$POSTIGO" -c "$scratch/none" deliver <"$scratch/mail"
like "$("$POSTIGO" show 99 2>&1)" '^postigo: no ticket 99$' \
	'an error says what failed'
is "$("$POSTIGO" -c "$scratch/none" deliver 2>&1 <"$scratch/mail")" '' \
	'deliver says nothing, whatever happens'

# X-04: users' words are words, whatever an index would make of them
for words in '" OR *' 'NEAR(' '"' 'a AND' '-x:y' "'; --"; do
	exits 0 "X-04: search for $words" "$POSTIGO" search "$words"
done
like "$("$POSTIGO" search 'senal caida')" 'señal caída' \
	'search folds accents and case'
like "$("$POSTIGO" list state:new)" '^1 ' 'list by state'
like "$("$POSTIGO" list state:closed)" 'no ticket' 'and none of another'
done_testing
