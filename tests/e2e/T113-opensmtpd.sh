#!/bin/sh
# What OpenSMTPD makes of a program's end (faults.md 1.2): as it is, and with
# our recipe, where nothing bounces.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/mta.sh"
. "$srcdir/tests/e2e/desk.sh"
need_room opensmtpd

stand_in
make_desk nobody
port=$(free_port)
recipe=$srcdir/contrib/opensmtpd/smtpd.conf
ours() { # PROGRAM DOMAIN NAME: our recipe for all of a domain
	sed "/^#/d; /^match/s/rcpt-to { .* }/domain { \"$2\" }/
		s/{ \"desk@.*\" = .*}/{ \"@$2\" = \"nobody\" }/
		s/postigo\\([\">]\\)/$3\\1/; s/table postigo/table $3/
		s|/usr/bin/postigo|$1|" "$recipe" | sed "s/<postigo>/<$3>/"
}
cat >"$scratch/smtpd.conf" <<EOT
listen on 127.0.0.1 port $port
table all { "@" = "nobody" }
action "bare" mda "$scratch/stand-in '%{rcpt}'" virtual <all>
match from any for domain "bare.test" action "bare"
$(ours "$scratch/stand-in" desk.test ours)
$(ours "$scratch/no-such-program" missing.test missing)
$(sed "/^#/d; s|/usr/bin/postigo|$postigo|; s/desk\.example\.org/postigo.test/g
	s/= \"postigo\"/= \"nobody\"/" "$recipe")
EOT
grep -q "stand-in deliver" "$scratch/smtpd.conf" || fail 'the recipe is read'

# what happens, as it is, with our recipe
cat >"$scratch/table" <<'EOT'
exit-0		sent		sent
unread-0	deferred	deferred
say-0		sent		sent
exit-75		deferred	deferred
exit-71		deferred	deferred
exit-73		bounced		deferred
exit-74		bounced		deferred
exit-78		bounced		deferred
exit-65		bounced		deferred
exit-1		bounced		deferred
exit-127	bounced		deferred
exit-255	bounced		deferred
kill-9		bounced		deferred
EOT

status() { # RECIPIENT
	case $(grep " mda delivery .*rcpt=<$1> " "$scratch/room.log" | head -n 1) in
	*result=Ok* | *result=\"Ok*) echo sent ;;
	*result=TempFail* | *result=\"TempFail*) echo deferred ;;
	*result=PermFail* | *result=\"PermFail*) echo bounced ;;
	esac
}
known() { [ -n "$(status "$1")" ]; }

start room sh -c 'mkdir -p /var/spool/smtpd && chmod 711 /var/spool/smtpd &&
	mkdir -p /var/empty /run && cp "$1" /etc/smtpd.conf &&
	exec smtpd -d -f /etc/smtpd.conf' sh "$scratch/smtpd.conf"
ok 'OpenSMTPD starts' wait_for 15 listening "$port" || diag <"$scratch/room.log"
{
	simple_mail ana@example.test desk@desk.test 'all rows'
	yes 'all machines of the second floor are cut off since this morning' |
		head -n 4000
} >"$scratch/mail"
# shellcheck disable=SC2046 # one recipient a word
smtp_send "$port" ana@example.test <"$scratch/mail" missing-127@missing.test \
	$(awk '{ print $1 "@bare.test", $1 "@desk.test" }' "$scratch/table")
while read -r what bare ours; do
	wait_for 30 known "$what@bare.test"
	wait_for 30 known "$what@desk.test"
	is "$(status "$what@bare.test")" "$bare" "as it is: $what is $bare"
	is "$(status "$what@desk.test")" "$ours" "our recipe: $what is $ours"
done <"$scratch/table"
wait_for 30 known missing-127@missing.test
is "$(status missing-127@missing.test)" deferred 'our recipe: a missing program is deferred'

simple_mail ana@example.test desk@postigo.test 'by OpenSMTPD' |
	smtp_send "$port" ana@example.test desk@postigo.test
simple_mail ana@example.test desk@postigo.test 'with an extension' |
	smtp_send "$port" ana@example.test desk+word@postigo.test
simple_mail MAILER-DAEMON@example.test desk@postigo.test 'from nobody' |
	smtp_send "$port" '' desk@postigo.test
three_tickets() { [ "$(ask list | wc -l)" -eq 3 ]; }
ok 'our recipe: three mails become three tickets' wait_for 20 three_tickets
like "$(envelopes)" '^ana@example.test\|desk@postigo.test$' \
	'OpenSMTPD passes the envelope on'
like "$(envelopes)" '^ana@example.test\|desk\+word@postigo.test$' \
	'the extension of the address too'
like "$(envelopes)" '^\|desk@postigo.test$' 'an empty sender is an empty sender'

done_testing
