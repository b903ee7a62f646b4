#!/bin/sh
# S-04, S-14: trouble of the channel keeps every row.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"
printf 'sesame\n' >"$scratch/password"
chmod 600 "$scratch/password"
login="tls = never user = \"desk\" password_file = \"$scratch/password\""

peer auth --offer 'AUTH PLAIN' 'auth@1=535 5.7.8 wrong' 'auth@2=454 4.7.0 later'
desk auth "$(in_clear "$port")" "$login"
fill 3 'r%d@x.example'
send
is "$status $(states)" '69 deferred queued queued' \
	'S-04 535: the channel rests, every row is kept'
like "$said" 'channel-paused why="auth: .*535 5.7.8 wrong' '... it is said once'
is "$(printf '%s\n' "$said" | grep -c channel-paused)" 1 '... and once only'
is "$(printf '%s\n' "$said" | grep -c sesame)" 0 '... and not the password'
send
is "$status $(states)" '69 deferred queued queued' 'S-03 454 at AUTH: the same'
send
is "$status $(states) $(taken)" '0 sent sent sent 3' \
	'S-04 the password is right again: all go out'

# tokens: the line that Gmail and the one that RFC 7628 want
for method in xoauth2 oauthbearer; do
	upper=$(echo "$method" | tr '[:lower:]' '[:upper:]')
	peer "$method" --offer "AUTH $upper"
	desk "$method" "$(in_clear "$port")" \
		"tls = never user = \"desk@acme.example\" auth = \"$method\" password_command = {\"echo\", \"token123\"}"
	fill 1 'r%d@x.example'
	send
	is "$status $(states)" '0 sent' "AUTH $upper with a token of a command"
	ok '... the token is what is given' \
		grep -q "! $upper .*auth=Bearer token123" "$peer/wire"
done

for reply in '530 5.7.0 authenticate first' '554 5.7.1 <a@b>: Relay access denied'; do
	peer "relay$tap_count" "rcpt@1=$reply"
	desk "relay$tap_count" "$(in_clear "$port")"
	fill 3 'r%d@x.example'
	send
	is "$status $(states)" '69 deferred queued queued' \
		"S-04 ${reply%% *} at RCPT: the channel rests"
	send
	is "$status $(states)" '0 deferred sent sent' \
		'... the others go first when it is over'
	later 60
	send
	is "$(states)" 'sent sent sent' '... then that one'
	now=2026-03-02T09:00:00Z
done

desk nobody "$(in_clear "$(free_port)")"
fill 2 'r%d@x.example'
for _ in 1 2 3 4 5 6; do
	later 86400
	send
done
is "$status $(states)" '69 deferred queued' \
	'nobody listens, for six days: every row is kept'
now=2026-03-02T09:00:00Z

for action in '421 4.3.2 down' '554 5.3.2 no' 'close' 'reset'; do
	peer "banner$tap_count" "connect@1=$action|close"
	desk "banner$tap_count" "$(in_clear "$port")"
	fill 1 'r%d@x.example'
	send
	is "$status $(states)" '69 deferred' "S-03 S-04 '$action' for a banner"
	send
	is "$status $(states)" '0 sent' '... and a good one later'
done

peer ehlo 'ehlo@1=451 4.3.0 no' 'helo=451 4.3.0 no'
desk ehlo "$(in_clear "$port")"
fill 1 'r%d@x.example'
send
is "$status $(states)" '69 deferred' 'S-03 451 at EHLO'

peer block 'rcpt=550 5.7.1 you are on a list'
desk block "$(in_clear "$port")"
fill 50 'r%d@x.example'
send
is "$status $(postigo outbox --json | grep -c '"failed"')" '69 10' \
	'S-14 ten refusals in a row: then it is the channel'

desk none "$(in_clear 25)"
sed -i '/^smtp/d' "$desk/postigo.conf"
fill 1 'r%d@x.example'
send
is "$status $(states)" '69 deferred' 'no server is configured: rows wait'
like "$said" 'no server is configured' '... and it is said'

# ---- the process ------------------------------------------------------------------

peer long 'dot@1=sleep:1|250 2.0.0 taken'
desk long "$(in_clear "$port")"
fill 2 'r%d@x.example'
"$POSTIGO" -c "$desk/postigo.conf" send >"$scratch/out" 2>&1 &
sender=$!
at_exit "kill $sender 2>/dev/null"
wait_for 30 test -f "$peer/index"
kill "$sender"
status=0
wait "$sender" || status=$?
is "$status $(states)" '0 sent queued' 'SIGTERM ends after the mail at hand'
"$POSTIGO" -c "$desk/postigo.conf" --json send >"$scratch/out" 2>&1 &
sender=$!
at_exit "kill $sender 2>/dev/null"
wait_for 30 sh -c "grep -q '\"state\": *\"sent\"' '$scratch/out'"
fill 1 'r%d@x.example'
wait_for 30 sh -c "[ \$(grep -c '\"sent\"' '$scratch/out') -eq 2 ]"
is "$(states)" 'sent sent sent' 'without --once it waits for more'
kill "$sender"
wait "$sender" || fail 'and ends well'
exits 64 'an argument that is none' "$POSTIGO" -c "$desk/postigo.conf" send --twice

# ---- outbox -------------------------------------------------------------------------

peer retry 'rcpt@1=451 4.3.0 no' 'rcpt@2=550 5.1.1 no'
desk retry "$(in_clear "$port")"
fill 3 'r%d@x.example'
send
is "$(states)" 'deferred failed sent' 'one row of each'
ok 'outbox retry makes a row due' postigo outbox retry 1
ok '... a failed one too' postigo outbox retry 2
exits 77 '... not one that was sent' postigo outbox retry 3
exits 77 'nor can that be cancelled' postigo outbox cancel 3
ok 'outbox cancel' postigo outbox cancel 2
is "$(states)" 'queued cancelled sent' '... and so they are'
send
is "$(states)" 'sent cancelled sent' 'the first goes out, the second never'
postigo outbox show 1 >"$scratch/shown"
ok 'outbox show prints the mail as it was sent' \
	cmp "$scratch/shown" "$peer/mail.2"
exits 66 'a mail that is not there' postigo outbox show 99
exits 64 'a word that is none' postigo outbox frob 1
is "$(postigo outbox --json | head -n 1 | tr -d ' ' |
	sed 's/"\([a-z_]*\)":\("[^"]*"\|[^,}]*\)/\1/g')" \
	'{id,ticket,kind,purpose,to,from,subject,message_id,state,attempts,next_attempt,last_error,last_reply}' \
	'the keys of the contract'
done_testing
