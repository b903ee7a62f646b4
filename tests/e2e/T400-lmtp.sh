#!/bin/sh
# The LMTP door: one reply per recipient, one ticket per mail, whatever door it
# comes through; a clerk who dies, a configuration that is wrong, a stop.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
. "$srcdir/tests/e2e/lmtp.sh"

lmtp_desk || { fail 'a desk with a door can be made'; done_testing; exit; }
ok 'the door opens' lmtp_start
door_pid=$pid

plain_mail one 1@client.test >"$scratch/1"
is "$(lmtp_send "$door" marta@client.test desk@desk.test nobody@desk.test \
	desk+x@desk.test <"$scratch/1")" \
	'250 2.1.5 OK
550 5.1.1 No such address here
250 2.1.5 OK
250 2.0.0 <desk@desk.test> Kept as delivery 1
250 2.0.0 <desk+x@desk.test> Kept as delivery 1' \
	'RFC 2033: of three recipients one is unknown; each other has its reply'
is "$(ask list | field subject)" one 'one ticket'
is "$("$postigo" raw 1@client.test | tr -d '\r')" "$(cat "$scratch/1")" \
	'the octets are those that were sent'
is "$(envelopes)" 'marta@client.test|desk@desk.test
desk+x@desk.test' 'the envelope is kept'

like "$(lmtp_send "$port" marta@client.test desk@desk.test <"$scratch/1")" \
	'Kept as delivery 2' 'the same mail by TCP is taken'
ok 'and by the pipe' "$postigo" deliver -f marta@client.test -r desk@desk.test \
	<"$scratch/1"
is "$(ask list | wc -l)" 1 'one mail by three doors: one ticket'

# the clerk dies between two mails
clerk_of() {
	for one in /proc/[0-9]*; do
		grep -qs "^PPid:[[:blank:]]*$1\$" "$one/status" && echo "${one#/proc/}"
	done
}
clerk=$(clerk_of "$door_pid")
ok 'there is a clerk' test -n "$clerk"
kill -9 "$clerk"
plain_mail two 2@client.test >"$scratch/2"
like "$(lmtp_send "$door" marta@client.test desk@desk.test <"$scratch/2")" \
	'^(250|451)' 'a clerk who died: later, or taken by the next one'
like "$(lmtp_send "$door" marta@client.test desk@desk.test <"$scratch/2")" \
	'250 2.0.0' 'then it is taken'
is "$(ask list | wc -l)" 2 'once'

# C-14, C-08: no room
cp "$scratch/desk/postigo.conf" "$scratch/good.conf"
cat >>"$scratch/desk/postigo.conf" <<'CONF'
limits {
	free-octets = 90000G
}
CONF
kill -HUP "$door_pid"
ok 'SIGHUP reads the configuration' \
	wait_for 5 grep -q configuration-read "$scratch/postigo.log"
is "$(lmtp_send "$port" marta@client.test desk@desk.test <"$scratch/2")" \
	'503 5.5.1 MAIL first' 'C-08 without room on the disk: put off at MAIL'

# G-01
echo 'lmtp { listen' >>"$scratch/desk/postigo.conf"
kill -HUP "$door_pid"
ok 'G-01 a wrong configuration is told' \
	wait_for 5 grep -q old-configuration-kept "$scratch/postigo.log"
cp "$scratch/good.conf" "$scratch/desk/postigo.conf"
kill -HUP "$door_pid"
plain_mail three 3@client.test >"$scratch/3"
like "$(lmtp_send "$port" marta@client.test desk@desk.test <"$scratch/3")" \
	'250 2.0.0' 'and the door goes on'

exits 69 'K-02 a second door finds the first one there' "$postigo" lmtp
like "$(cat "$scratch/.out")" 'somebody listens there already' 'and says so'

stop "$door_pid"
ok 'a stop removes the sockets' test ! -e "$door"
ok 'all invariants hold' "$postigo" -q fsck
done_testing
