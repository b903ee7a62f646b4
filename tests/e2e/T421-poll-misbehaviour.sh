#!/bin/sh
# IMAP servers that misbehave (faults.md 2.4): nothing is lost or doubled, and
# nothing hangs.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
. "$srcdir/tests/e2e/dovecot.sh"

# peer FAULT...: a server with mails 1 to 3, and a new desk that fetches there
peer() {
	box=$(mktemp -d "$scratch/box.XXXXXX")
	for number in 1 2 3; do letter $number >"$box/$number.eml"; done
	: >"$box/wire"
	start python3 "$srcdir/tests/e2e/imap_peer.py" "$box" "$@"
	wait_for 10 test -e "$box/port"
	rm -rf "$scratch/desk"
	desk 'after = "flag"'
}

desk() { # KEYS
	cat >"$scratch/desk.conf" <<CONF
mailbox "inbox" {
	url = "imap://127.0.0.1:$(cat "$box/port")"
	tls = "${tls:-never}"
	user = "desk"
	password = "\${POSTIGO_TEST_PASSWORD}"
	$1
}
CONF
	[ -d "$scratch/desk" ] || { make_desk && return; }
	sed -i '/^mailbox/,$d' "$scratch/desk/postigo.conf"
	cat "$scratch/desk.conf" >>"$scratch/desk/postigo.conf"
}

demand_tls() {
	tls=required
	desk ''
	tls=never
}

POSTIGO_TEST_PASSWORD=sesame
export POSTIGO_TEST_PASSWORD

# from the next connection on
faults() { # FAULT...
	: >"$box/faults"
	for fault; do printf '%s\n' "$fault" >>"$box/faults"; done
}

poll() {
	status=0
	timeout 30 "$postigo" poll --once >"$scratch/said" \
		2>"$scratch/stderr" || status=$?
}

tickets() {
	sqlite3 "$scratch/desk/postigo.db" "SELECT count(*) FROM ticket
		WHERE subject LIKE 'question%'"
}
alarms() {
	sqlite3 "$scratch/desk/postigo.db" "SELECT count(*) FROM ticket
		WHERE subject LIKE 'Mailbox inbox%'"
}
said_on_wire() { # EXTENDED-REGEX: how often
	grep -Ec "$1" "$box/wire"
}

peer die-at-store
poll
is "$status $(tickets)" '69 3' 'M-01 the link dies between FETCH and STORE'
faults
poll
is "$status $(tickets) $(said_on_wire 'STORE 1:3 .*Seen')" '0 3 2' \
	'... the next look only flags'
is "$(said_on_wire 'BODY')" 1 '... and fetches nothing'

is "$(awk '/STORE/ { exit } /BODY/ { print "fetched first" }' "$box/wire")" \
	'fetched first' 'M-02 nothing is marked before it is committed'

for change in epoch=8 epoch=9 epoch=none; do
	faults "$change"
	poll
	is "$status $(tickets)" '0 3' "M-05 M-06 other UIDs, same mails: $change"
done

peer
for literal in 4294967295 18446744073709551616 -1 0 99; do
	faults "literal=$literal"
	# shellcheck disable=SC3045 # dash has it
	(ulimit -v 4000000 && exec timeout 3 "$postigo" poll --once) \
		>/dev/null 2>&1
	is "$(tickets) $(said_on_wire STORE)" '0 0' \
		"M-08 a literal of $literal octets"
done
faults die-in-literal
poll
is "$status $(tickets)" '69 0' 'M-08 the link dies in a literal'

peer short
poll
is "$status $(tickets) $(said_on_wire BODY)" '0 3 7' \
	'M-09 shorter than announced: three tries each, then taken as it is'
peer short
desk 'after = "delete"'
poll
is "$(tickets) $(said_on_wire 'STORE|EXPUNGE')" '3 0' '... and never deleted'
poll
is "$(tickets) $(said_on_wire 'STORE|EXPUNGE')" '3 0' '... later neither'

for fault in flood brackets long-line; do
	peer "$fault"
	poll
	is "$status $(tickets)" '69 0' "M-10 $fault: cut off"
done
peer bad-flags strange-uids uidnext=2
poll
is "$status $(tickets)" '0 3' 'M-19 M-20 words without sense are passed over'

peer 'greeting=* PREAUTH hello'
demand_tls
poll
is "$status $(said_on_wire .)" '69 0' 'M-12 PREAUTH in clear'
peer 'offer=STARTTLS'
demand_tls
poll
is "$status $(said_on_wire LOGIN)" '69 0' 'M-12 words put in clear behind STARTTLS'
peer
demand_tls
poll
is "$status $(said_on_wire LOGIN)" '69 0' 'M-12 STARTTLS is not offered'
peer 'offer=LOGINDISABLED'
poll
is "$status $(said_on_wire LOGIN)" '77 0' 'M-12 LOGINDISABLED'

peer gone
poll
is "$status $(tickets)" '0 2' 'M-13 a mail goes between listing and fetching'

peer read-only
poll
poll
is "$status $(tickets) $(alarms)" '0 3 1' 'M-14 read-only: taken once, one alarm'

peer 'offer=IMAP4'
desk 'after = "move:Done"'
poll
poll
is "$status $(tickets) $(said_on_wire 'EXPUNGE')" '0 3 0' \
	'M-15 without UIDPLUS nothing is expunged'
is "$(said_on_wire 'COPY')" 1 '... and copied once'
peer 'offer=UIDPLUS'
desk 'after = "move:Done"'
poll
is "$(said_on_wire 'UID EXPUNGE 1:3')" 1 '... with it, by UID'

peer unreadable=2
for _ in 1 2 3 4; do poll; done
is "$status $(tickets) $(alarms)" '0 2 1' \
	'M-17 a mail that cannot be read is left, and told once'
peer deadly=2
for _ in 1 2 3 4 5; do poll; done
is "$status $(tickets) $(alarms)" '0 2 2' \
	'M-17 a mail over which the link dies stops no other'

peer refuse=INUSE
for _ in 1 2 3 4; do poll; done
is "$status $(alarms)" '77 1' 'M-18 the login is refused: one alarm'
faults
poll
is "$status $(tickets) $(alarms)" '0 3 1' '... and it works again'

peer
desk 'after = "keep"'
"$postigo" poll --once >/dev/null 2>&1 &
one=$!
"$postigo" poll --once >/dev/null 2>&1 &
wait "$one" "$!"
is "$(tickets)" 3 'two pollers by mistake: one ticket each'
exits 0 '... and all invariants hold' "$postigo" fsck

done_testing
