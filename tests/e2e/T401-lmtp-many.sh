#!/bin/sh
# Many at once at the LMTP door: copies to aliases, clients who only hold the
# line, one by one and all together.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
. "$srcdir/tests/e2e/lmtp.sh"

lmtp_desk || { fail 'a desk with a door can be made'; done_testing; exit; }
ok 'the door opens' lmtp_start
door_pid=$pid

is "$(lmtp_client "$door" many 20 10 desk@desk.test)" 200 \
	'20 sessions send 10 mails each: all are taken'
is "$(ask list | wc -l)" 200 'a ticket each'

plain_mail copies copies@client.test >"$scratch/mail"
is "$(lmtp_client "$port" copies 50 desk@desk.test desk+a@desk.test DESK@desk.test \
	<"$scratch/mail")" 50 \
	'K-01 50 at once bring one mail to three names: each is taken'
is "$(ask search copies | wc -l)" 1 'K-01 one ticket'

plain_mail batch batch@client.test >"$scratch/mail"
# one who never ends holds nobody
lmtp_client "$port" idle 1 20 >/dev/null &
idle=$!
like "$(lmtp_send "$port" marta@client.test desk@desk.test <"$scratch/mail")" \
	'^250 2.0.0' 'a silent client holds nobody'
kill "$idle" 2>/dev/null

is "$(lmtp_client "$port" idle 300 5)" '100 220 desk.
200 421 4.3.2' 'R-05 300 silent connections: 100 are held, others told 421'
plain_mail after after@client.test >"$scratch/mail"
like "$(lmtp_send "$port" marta@client.test desk@desk.test <"$scratch/mail")" \
	'^250 2.0.0' 'R-05 afterwards all is as before'
is "$(python3 - "$port" <<'PY'
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
f = s.makefile("rwb")
f.write(b"LHLO x\r\nMAIL FROM:<a@b.test>\r\n")
f.write(b"RCPT TO:<desk@desk.test>\r\n" * 1200)
f.flush()
s.settimeout(20)
seen = {}
try:
    for line in f:
        seen[line[:9]] = seen.get(line[:9], 0) + 1
        if line.startswith(b"421"):
            break
except OSError:
    pass
print(seen.get(b"250 2.1.5"), seen.get(b"421 4.3.2"))
PY
)" '1000 1' 'R-05 1,000 recipients a mail, and an end to guessing'
stop "$door_pid"
ok 'all invariants hold' "$postigo" -q fsck
done_testing
