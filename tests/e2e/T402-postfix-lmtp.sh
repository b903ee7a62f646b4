#!/bin/sh
# Postfix hands mail over by LMTP, on a Unix socket and on TCP: delivered,
# refused and put off, each recipient for himself.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/mta.sh"
. "$srcdir/tests/e2e/desk.sh"
. "$srcdir/tests/e2e/lmtp.sh"

lmtp_desk nobody || { fail 'a desk can be made'; done_testing; exit; }
cat >"$scratch/main.cf" <<EOT
transport_maps = inline:{
  { desk+unix@desk.test = lmtp:unix:$door }, { desk.test = lmtp:inet:127.0.0.1:$port } }
queue_run_delay = 2s
minimal_backoff_time = 1s
transport_retry_time = 1s
EOT
echo 'lmtp unix - - n - - lmtp' >"$scratch/master.cf"
ok 'Postfix starts' postfix_start
chmod 755 "$scratch/desk"
have runuser || skip_all 'runuser is not there'
ok 'serve starts as root and becomes the owner' lmtp_start serve
serve=$pid
is "$(stat -c %U "/proc/$serve")" nobody 'it is nobody now'
chmod 666 "$door" # in place of putting Postfix into nobody's group

simple_mail ana@client.test desk@desk.test first |
	smtp_send "$smtp_port" ana@client.test desk@desk.test nobody@desk.test \
		desk+unix@desk.test
ok 'Postfix: delivered' wait_for 20 grep -q \
	'to=<desk@desk.test>.*status=sent (250 2.0.0' "$scratch/maillog"
ok 'Postfix: delivered by the Unix socket' wait_for 20 grep -q \
	'to=<desk+unix@desk.test>.*status=sent (250 2.0.0' "$scratch/maillog"
ok 'Postfix: the other one bounced, 5.1.1' wait_for 20 grep -q \
	'to=<nobody@desk.test>.*dsn=5.1.1.*status=bounced' "$scratch/maillog"
is "$(ask list | field subject)" first 'one ticket'

stop "$serve"
simple_mail ana@client.test desk@desk.test second |
	smtp_send "$smtp_port" ana@client.test desk@desk.test
ok 'no serve: Postfix keeps the mail' wait_for 20 grep -q \
	'to=<desk@desk.test>.*status=deferred' "$scratch/maillog"
ok 'serve starts again' lmtp_start serve
serve=$pid
second_is_there() {
	ask list | grep -q second
}
ok 'and the mail comes' wait_for 30 second_is_there
stop "$serve"
ok 'all invariants hold' "$postigo" -q fsck
done_testing
