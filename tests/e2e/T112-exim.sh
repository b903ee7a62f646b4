#!/bin/sh
# What Exim makes of a program's end (faults.md 1.2): by the transport that its
# own configuration comes with, and by ours, where nothing bounces.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/mta.sh"
. "$srcdir/tests/e2e/desk.sh"
need_room exim4-daemon-light

stand_in
make_desk nobody
port=$(free_port)
mkdir "$scratch/exim"
chmod 777 "$scratch/exim"
recipe=$srcdir/contrib/exim/postigo.conf
# our router and transport, the program a stand-in; and the same once more for
# a program that is not there
router() { # NAME LOCAL-PARTS
	sed -n '/^# begin routers/,/^# begin transports/p' "$recipe" |
		sed "s/desk\.example\.org/desk.test/; s/local_parts = .*/local_parts = $2/
			s/^postigo:/$1:/; s/postigo_pipe/$1_pipe/"
}
transport() { # NAME PROGRAM
	sed '1,/^# begin transports/d' "$recipe" |
		sed "s/^postigo_pipe:/$1_pipe:/; s|/usr/bin/postigo|$2|
			s/user = postigo/user = nobody/; s/group = postigo/group = nogroup/
			s/timeout = 2m/timeout = 4s/"
}
cat >"$scratch/exim/exim.conf" <<EOT
primary_hostname = mail.desk.test
spool_directory = $scratch/exim/spool
log_file_path = $scratch/exim/%slog
local_interfaces = 127.0.0.1
daemon_smtp_ports = $port
acl_smtp_rcpt = anybody
host_lookup =
tls_advertise_hosts =
rfc1413_query_timeout = 0s
never_users =
begin acl
anybody:
  accept
begin routers
stock:
  driver = accept
  domains = stock.test
  transport = \${if match{\$local_part}{^missing}{stock_missing}{address_pipe}}
$(router missing '^missing')
$(router itself desk)
$(router postigo '*')
begin transports
address_pipe:
  driver = pipe
  command = $scratch/stand-in
  user = nobody
  timeout = 4s
  return_output
stock_missing:
  driver = pipe
  command = $scratch/no-such-program
  user = nobody
$(transport missing "$scratch/no-such-program")
$(transport itself "$postigo")
$(transport postigo "$scratch/stand-in")
begin retry
* * F,2h,15m
EOT
chmod 644 "$scratch/exim/exim.conf"

# what happens, the stock transport, our transport
cat >"$scratch/table" <<'EOT'
exit-0		sent		sent
unread-0	sent		sent
say-0		bounced		sent
exit-75		deferred	deferred
exit-71		bounced		deferred
exit-73		deferred	deferred
exit-74		bounced		deferred
exit-78		bounced		deferred
exit-65		bounced		deferred
exit-1		bounced		deferred
exit-255	bounced		deferred
kill-9		bounced		frozen
sleep-100	bounced		deferred
missing-127	bounced		frozen
EOT

status() { # RECIPIENT: what the log says of it
	if grep -qE " => .*<?$1>?" "$scratch/exim/mainlog"; then
		echo sent
	elif grep -qE " \\*\\* .*$1" "$scratch/exim/mainlog"; then
		echo bounced
	elif id=$(grep -E " == .*$1" "$scratch/exim/mainlog" | cut -d' ' -f3) &&
		[ -n "$id" ]; then
		if grep -q "$id Frozen" "$scratch/exim/mainlog"; then
			echo frozen
		else
			echo deferred
		fi
	fi
}
known() { [ -n "$(status "$1")" ]; }

# a configuration named by -C would take Exim's privileges away
start room sh -c 'mkdir -p /etc/exim4 && cp "$1" /etc/exim4/exim4.conf &&
	exec exim4 -bdf -q1h' sh "$scratch/exim/exim.conf"
ok 'Exim starts' wait_for 15 listening "$port" || diag <"$scratch/room.log"
simple_mail ana@example.test desk@desk.test 'all rows' >"$scratch/mail"
# what is frozen is the whole mail: those that may be frozen go alone
for alone in '' kill missing; do
	# shellcheck disable=SC2046 # one recipient a word
	smtp_send "$port" ana@example.test <"$scratch/mail" $(awk -v alone="$alone" '
		alone == "" && !/^(kill|missing)/ || alone != "" && $1 ~ "^" alone {
			print $1 "@stock.test", $1 "@desk.test"
		}' "$scratch/table")
done
while read -r what stock ours; do
	wait_for 20 known "$what@stock.test"
	wait_for 20 known "$what@desk.test"
	is "$(status "$what@stock.test")" "$stock" "stock transport: $what is $stock"
	is "$(status "$what@desk.test")" "$ours" "our transport: $what is $ours"
done <"$scratch/table"

simple_mail ana@example.test desk@desk.test 'by Exim' |
	smtp_send "$port" ana@example.test desk+word@desk.test
simple_mail MAILER-DAEMON@example.test desk@desk.test 'from nobody' |
	smtp_send "$port" '' desk@desk.test
two_tickets() { [ "$(ask list | wc -l)" -eq 2 ]; }
ok 'our recipe: two mails become two tickets' wait_for 20 two_tickets
like "$(envelopes)" '^ana@example.test\|desk\+word@desk.test$' \
	'Exim passes the envelope on'
like "$(envelopes)" '^\|desk@desk.test$' 'an empty sender is an empty sender'

done_testing
