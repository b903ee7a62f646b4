#!/bin/sh
# What Postfix makes of a program's end (faults.md 1.2), by pipe(8) and by an
# alias of local(8).  Postigo's exit statuses, 0 and 75, rest on this table.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/mta.sh"

stand_in
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
echo "transport_maps = inline:{ { missing-127@pipe.test = missing: } }" >>"$scratch/main.cf"

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
done <"$scratch/table" >"$scratch/aliases"

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

done_testing
