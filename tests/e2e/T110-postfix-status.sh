#!/bin/sh
# What Postfix makes of a program's end (faults.md 1.2), by pipe(8) and by an
# alias of local(8), and our recipes with Postigo behind them.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/mta.sh"
. "$srcdir/tests/e2e/desk.sh"

stand_in
make_desk nobody
cat >"$scratch/main.cf" <<EOT
virtual_mailbox_domains = pipe.test
virtual_transport = standin
alias_maps = texthash:$scratch/aliases
default_privs = nobody
command_time_limit = 4s
standin_time_limit = 4s
standin_destination_recipient_limit = 1
EOT
cat >"$scratch/master.cf" <<EOT
standin unix - n n - - pipe
  flags=DRX user=nobody null_sender=
  argv=$scratch/stand-in -f \${sender} -r \${recipient}
missing unix - n n - - pipe
  flags=DRX user=nobody argv=$scratch/no-such-program \${recipient}
EOT
# our recipes, for desk@desk.test by pipe(8) and for the alias desk
sed "/^#/d; s/user=postigo/user=nobody/; s|/usr/bin/postigo|$postigo|" \
	"$srcdir/contrib/postfix/master.cf" >>"$scratch/master.cf"
sed -n "s|/usr/bin/postigo|$postigo|; /^desk:/s/://p" \
	"$srcdir/contrib/postfix/aliases" >"$scratch/aliases"
sed "/^#/d; /^virtual_/d" "$srcdir/contrib/postfix/main.cf" >>"$scratch/main.cf"
# and by way of procmail, for a local user
sed "s|/usr/bin/postigo|$postigo|" "$srcdir/contrib/procmail/procmailrc" \
	>"$scratch/procmailrc"
echo "mailbox_command = procmail -t -p -m $scratch/procmailrc" >>"$scratch/main.cf"
echo "transport_maps = inline:{ { missing-127@pipe.test = missing: }, { desk@pipe.test = postigo: } }" >>"$scratch/main.cf"

# what happens, status by pipe(8), status by local(8)
cat >"$scratch/table" <<EOT
exit-0		sent		sent
unread-0	sent		sent
say-0		sent		sent
exit-75		deferred	deferred
exit-71		deferred	deferred
exit-73		bounced		bounced
exit-74		bounced		bounced
exit-69		bounced		bounced
exit-78		bounced		bounced
exit-65		bounced		bounced
exit-77		bounced		bounced
exit-1		bounced		bounced
exit-126	bounced		bounced
exit-127	bounced		bounced
exit-255	bounced		bounced
kill-9		deferred	deferred
kill-11		deferred	deferred
status-1	deferred	deferred
sleep-100	bounced		bounced
missing-127	deferred	deferred
EOT
while read -r what _; do
	case $what in
	missing-*) echo "$what \"|$scratch/no-such-program\"" ;;
	*) echo "$what \"|$scratch/stand-in $what\"" ;;
	esac
done <"$scratch/table" >>"$scratch/aliases"

ok 'Postfix starts' postfix_start
simple_mail ana@example.test desk@desk.test 'all rows' >"$scratch/mail"
# shellcheck disable=SC2046 # one recipient a word
smtp_send "$smtp_port" ana@example.test \
	$(awk '{ print $1 "@pipe.test", $1 "@desk.test" }' "$scratch/table") \
	<"$scratch/mail"
while read -r what by_pipe by_alias; do
	is "$(postfix_status "$what@pipe.test")" "$by_pipe" "pipe(8): $what is $by_pipe"
	is "$(postfix_status "$what@desk.test")" "$by_alias" "local(8): $what is $by_alias"
done <"$scratch/table"

simple_mail 'Ana <ana@example.test>' desk@pipe.test 'by pipe' |
	smtp_send "$smtp_port" ana@example.test desk@pipe.test
simple_mail 'Ana <ana@example.test>' desk@desk.test 'by alias' |
	smtp_send "$smtp_port" ana@example.test desk+word@desk.test
simple_mail 'MAILER-DAEMON@example.test' desk@desk.test 'from nobody' |
	smtp_send "$smtp_port" '' desk@pipe.test
is "$(postfix_status desk@pipe.test)" sent 'our recipe for pipe(8): sent'
is "$(postfix_status desk+word@desk.test)" sent 'our recipe for an alias: sent'
three_tickets() { [ "$(ask list | wc -l)" -eq 3 ]; }
ok 'three mails become three tickets' wait_for 10 three_tickets
like "$(ask list | field subject)" 'by pipe' 'by pipe(8) a mail becomes a ticket'
like "$(ask list | field subject)" 'by alias' 'by an alias a mail becomes a ticket'
like "$(envelopes)" 'ana@example.test.*desk@pipe.test' 'pipe(8) names the envelope'
like "$(envelopes)" 'ana@example.test.*desk\+word@desk.test' 'so does local(8)'
if have procmail; then
	simple_mail 'Ana <ana@example.test>' desk@desk.test 'by procmail' |
		smtp_send "$smtp_port" ana@example.test nobody+desk@desk.test
	is "$(postfix_status nobody+desk@desk.test)" sent 'by procmail: sent'
	like "$(envelopes)" 'ana@example.test.*nobody\+desk@desk.test' \
		'procmail -p passes the envelope on'
else
	skip 'by procmail' 'procmail is not installed'
fi
like "$(envelopes)" '^\|.*desk@pipe.test' 'an empty sender is an empty sender'

done_testing
