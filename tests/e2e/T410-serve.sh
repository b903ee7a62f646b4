#!/bin/sh
# serve: its processes, the hand-over from deliver, restarts, a new
# configuration, two of them by mistake, an ordered stop; and status.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
. "$srcdir/tests/e2e/lmtp.sh"

cat >"$scratch/desk.conf" <<'CONF'
smtp {
	url = "smtp://127.0.0.1:9"
	tls = "never"
}
CONF
lmtp_desk || { fail 'a desk with a door can be made'; done_testing; exit; }
exits 69 'status without serve: 69' "$postigo" status
like "$(cat "$scratch/.out")" 'TROUBLE: serve does not run' 'and says so'

# systemd's side of sd_notify
cat >"$scratch/systemd.py" <<'PY'
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(1000).decode(), flush=True)
PY
start python3 "$scratch/systemd.py" "$scratch/notify"
wait_for 5 test -S "$scratch/notify"
NOTIFY_SOCKET=$scratch/notify WATCHDOG_USEC=400000
export NOTIFY_SOCKET WATCHDOG_USEC
ok 'serve starts' lmtp_start serve
serve=$pid
unset NOTIFY_SOCKET WATCHDOG_USEC
ok 'systemd hears READY' wait_for 5 grep -q '^READY=1' "$scratch/python3.log"
ok 'and WATCHDOG' wait_for 5 grep -q '^WATCHDOG=1' "$scratch/python3.log"
ok 'status: 0' "$postigo" status
is "$(ask status | python3 -c 'import json, sys
print(*[p["name"] for p in json.load(sys.stdin)["serve"]["processes"]])')" \
	'lmtp tick send' 'status names the processes'

plain_mail one 1@client.test >"$scratch/1"
ok 'deliver hands over' "$postigo" deliver -f marta@client.test \
	-r desk@desk.test <"$scratch/1"
ok 'serve has taken it' grep -q 'delivered door=pipe delivery=1' \
	"$scratch/postigo.log"
is "$("$postigo" raw 1@client.test)" "$(cat "$scratch/1")" \
	'octet for octet'
like "$(lmtp_send "$door" marta@client.test desk@desk.test <"$scratch/1")" \
	'250 2.0.0' 'the same mail by LMTP is taken'
is "$(ask list | wc -l)" 1 'one ticket'
ok 'an odd address is no reason to lose a mail' "$postigo" deliver \
	-f '"a b"@client.test' -r 'desk@desk.test' <"$scratch/1"
plain_mail two 2@client.test >"$scratch/2"
ok 'neither is an envelope that nobody knows' env -u SENDER "$postigo" deliver \
	<"$scratch/2"
is "$(ask list | wc -l)" 2 'it is there'

exits 69 'K-02 a second serve ends' "$postigo" serve
like "$(cat "$scratch/.out")" 'another serve of this desk runs' 'and says why'

lmtp_pid() {
	ask status | python3 -c 'import json, sys
print([p["pid"] for p in json.load(sys.stdin)["serve"]["processes"]
       if p["name"] == "lmtp"][0])'
}
first=$(lmtp_pid)
kill -9 "$first"
another() {
	next=$(lmtp_pid)
	[ "$next" != None ] && [ "$next" != "$first" ]
}
ok 'a process that died is started again' wait_for 10 another
plain_mail three 3@client.test >"$scratch/3"
like "$(lmtp_send "$port" marta@client.test desk@desk.test <"$scratch/3")" \
	'250 2.0.0' 'and takes mail, by the same socket'

echo 'queue {' >>"$scratch/desk/postigo.conf"
kill -HUP "$serve"
ok 'G-01 a wrong configuration is told, and the old one stays' \
	wait_for 5 grep -q old-configuration-kept "$scratch/postigo.log"
exits 78 'deliver and others see the wrong one' "$postigo" status
sed '$d' "$scratch/desk/postigo.conf" >"$scratch/good"
sed 's/"lmtp", /"lmtp", "other", /' "$scratch/good" >"$scratch/desk/postigo.conf"
kill -HUP "$serve"
ok 'a good one is taken: the new door opens' \
	wait_for 10 test -S "$scratch/desk/other"
ok 'at once' wait_for 10 "$postigo" status
plain_mail four 4@client.test >"$scratch/4"
like "$(lmtp_send "$scratch/desk/other" marta@client.test desk@desk.test \
	<"$scratch/4")" '250 2.0.0' 'and takes mail'

# kill -9 of serve itself: its processes go, another one may start
kill -9 "$serve"
wait "$serve" 2>/dev/null
ok 'K-02 after kill -9 another serve starts' lmtp_start serve
serve=$pid
# the door that answers first may still be the dying one's
takes_mail() {
	lmtp_send "$port" marta@client.test desk@desk.test <"$scratch/4" |
		grep -q '^250 2.0.0'
}
ok 'and takes mail again' wait_for 20 takes_mail
stop "$serve"
ok 'a stop leaves no socket behind' \
	sh -c "! ls $scratch/desk/lmtp $scratch/desk/*.socket $scratch/desk/*.status"
ok 'without serve deliver does the work itself' "$postigo" deliver \
	-f marta@client.test -r desk@desk.test <"$scratch/3"
is "$(ask list | wc -l)" 4 'four mails, four tickets'
ok 'all invariants hold' "$postigo" -q fsck
done_testing
