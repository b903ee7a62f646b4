#!/bin/sh
# A mailbox on a real Dovecot, by IMAP: fetched, committed, then done with.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/desk.sh"
. "$srcdir/tests/e2e/dovecot.sh"

start_dovecot
printf 'sesame\n' >"$scratch/password"
chmod 600 "$scratch/password"

# mailbox URL [KEYS]: the desk's only mailbox
mailbox() {
	cat >"$scratch/desk.conf" <<CONF
mailbox "inbox" {
	url = "$1"
	user = "desk"
	password_file = "$scratch/password"
	ca-file = "$scratch/ca.pem"
	${2-}
}
CONF
	make_desk
}

poll() {
	status=0
	said=$("$postigo" poll --once "$@" 2>"$scratch/stderr") || status=$?
}

tickets() {
	ask list | wc -l | tr -d ' '
}

for number in 1 2 3; do letter $number >"$scratch/mail.$number"; done
ok 'three mails are put into the mailbox' \
	put "$scratch/mail.1" "$scratch/mail.2" "$scratch/mail.3"

mailbox "imaps://127.0.0.1:$imaps_port" 'after = "move:Processed"'
poll inbox
is "$status $said" '0 inbox: 3 mails, 0 of them known before' 'TLS from the start'
is "$(tickets)" 3 '... three tickets'
is "$(mails INBOX) $(mails Processed)" '0 3' '... moved to a folder that was not there'

put "$scratch/mail.1"
poll
is "$status $(tickets)" '0 3' 'the same mail again is the same ticket'

letter 4 >"$scratch/mail.4"
put "$scratch/mail.4"
doveadm_desk flags add -u desk '\Seen' mailbox INBOX ALL
rm -r "$scratch/desk"
mailbox "imap://127.0.0.1:$imap_port" 'after = "flag"'
poll
is "$status $(tickets)" '0 1' 'M-03 STARTTLS; a mail that somebody has read is fetched'
poll
is "$status $said" '0 inbox: 0 mails, 0 of them known before' '... and once'

# under serve
letter 5 >"$scratch/mail.5"
start "$postigo" serve
serve=$pid
wait_for 20 "$postigo" status >/dev/null
put "$scratch/mail.5"
two_tickets() {
	[ "$(tickets)" = 2 ]
}
ok 'serve fetches what comes' wait_for 30 two_tickets
like "$(ask status)" '"poll inbox"' 'its poller is named'
stop "$serve"
exits 69 'and it stops when it is told to' "$postigo" status
exits 0 'all is well' "$postigo" fsck

done_testing
