#!/bin/sh
# Several lanes: one that is slow holds up no other, and whatever dies, no mail
# is lost and none is doubled without a doubt on record.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/send.sh"

lanes='tls = never connections = 4'

peer plain
desk plain "$(in_clear "$port")" "$lanes"
fill 40 'r%d@x.example'
send
is "$status $(taken) $(cut -f 5 "$peer/index" | sort -u | grep -c '')" '0 40 40' \
	'forty mails over four lanes, each once'
is "$(cut -f 2 "$peer/index" | sort -u | grep -c '')" 4 '... by four connections'
is "$(states | tr ' ' '\n' | sort | uniq -c | tr -s ' ')" ' 40 sent' \
	'... and all are on record as sent'

# S-11: the first mail is never answered; the others do not wait for it
peer slow 'dot@1=sleep:6|250 2.0.0 taken'
desk slow "$(in_clear "$port")" "$lanes"
fill 30 'r%d@x.example'
"$POSTIGO" -c "$desk/postigo.conf" --now "$now" --json send --once \
	>"$scratch/slow.out" 2>&1 &
sender=$!
at_exit "kill $sender 2>/dev/null"
wait_for 5 sh -c "[ \"\$(grep -c '\"sent\"' '$scratch/slow.out')\" -eq 29 ]"
is "$(grep -c '"sent"' "$scratch/slow.out")" 29 \
	'S-11 the others are sent and settled while one lane waits'
status=0
wait "$sender" || status=$?
is "$status $(grep -c '"sent"' "$scratch/slow.out")" '0 30' '... and that one in the end'

# fairness: the one mail to another domain does not wait for all of the first
peer fair 'dot=sleep:0.05|250 2.0.0 taken'
desk fair "$(in_clear "$port")" "$lanes"
fill 40 'r%d@big.example'
fill 1 'r%d@small.example'
send
ok 'the one mail to a small domain is among the first' \
	[ "$(grep -n small.example "$peer/index" | cut -d : -f 1)" -le 8 ]

# the sender is killed: what was begun is in doubt, the rest is not
peer dead 'dot=stall'
desk dead "$(in_clear "$port")" "$lanes"
fill 12 'r%d@x.example' 0
"$POSTIGO" -c "$desk/postigo.conf" --now "$now" send --once >/dev/null 2>&1 &
sender=$!
wait_for 30 sh -c "[ \"\$(grep -c '' '$peer/index' 2>/dev/null)\" = 4 ]"
children=$(ps -o pid= --ppid "$sender" | tr -d ' ')
kill -9 "$sender"
wait "$sender"
sleep 0.3
alive=0
for child in $children; do
	# a zombie that nobody has buried yet is dead
	grep -qv ') Z ' "/proc/$child/stat" 2>/dev/null && alive=$((alive + 1))
done
is "$alive" 0 'the lanes die with the sender'
peer dead2
sed -i "s/127.0.0.1:[0-9]*/127.0.0.1:$port/" "$desk/postigo.conf"
send
is "$(states | tr ' ' '\n' | sort | uniq -c | tr -s ' ' | tr '\n' ,)" \
	' 8 sent, 4 uncertain,' \
	'C-17 four were begun and stay in doubt; eight were not, and are sent'

# a lane is killed: its mail alone is in doubt
peer lane 'dot@1=stall' 'dot=sleep:0.2|250 2.0.0 taken'
desk lane "$(in_clear "$port")" "$lanes"
fill 6 'r%d@x.example' 0
"$POSTIGO" -c "$desk/postigo.conf" --now "$now" send --once >/dev/null 2>&1 &
sender=$!
at_exit "kill $sender 2>/dev/null"
wait_for 30 sh -c "[ \"\$(grep -c '' '$peer/index' 2>/dev/null)\" = 6 ]"
sleep 0.5
# the children in the order of the lanes; one of them is still waiting
for child in $(ps -o pid= --ppid "$sender"); do
	kill -9 "$child"
done
status=0
wait "$sender" || status=$?
is "$status $(states | tr ' ' '\n' | sort | uniq -c | tr -s ' ' | tr '\n' ,)" \
	'0  5 sent, 1 uncertain,' \
	'a lane that dies leaves its own mail in doubt, and no other'

# trouble of the channel: it is met four times and counts once
printf 'sesame\n' >"$scratch/password"
chmod 600 "$scratch/password"
peer auth --offer 'AUTH PLAIN' 'auth=535 5.7.8 wrong'
desk auth "$(in_clear "$port")" \
	"$lanes user = \"desk\" password_file = \"$scratch/password\""
fill 10 'r%d@x.example'
send
is "$status $(printf '%s\n' "$said" | grep -c channel-paused)" '69 1' \
	'S-04 535 on four lanes: the channel rests, said once'
is "$(states | tr ' ' '\n' | grep -cE 'queued|deferred')" 10 '... every row is kept'

peer end 'dot=sleep:0.5|250 2.0.0 taken'
desk end "$(in_clear "$port")" "$lanes"
fill 20 'r%d@x.example'
"$POSTIGO" -c "$desk/postigo.conf" --now "$now" send >/dev/null 2>&1 &
sender=$!
at_exit "kill $sender 2>/dev/null"
wait_for 30 test -f "$peer/index"
kill "$sender"
status=0
wait "$sender" || status=$?
is "$status $(states | tr ' ' '\n' | grep -cE 'sending|uncertain')" '0 0' \
	'SIGTERM ends after the mails at hand, and leaves none in hand'
is "$(taken)" "$(states | tr ' ' '\n' | grep -c sent)" '... what was taken is sent'
done_testing
