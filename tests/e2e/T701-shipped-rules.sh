#!/bin/sh
# The rules that init writes, on the mails of five monitoring systems; and the
# rehearsal of rules: rules check, rules test, replay.
. "${srcdir:-.}/tests/tap.sh"
have sqlite3 || skip_all 'sqlite3 is needed'

"$POSTIGO" -q init "$scratch/desk" >/dev/null || skip_all 'no desk'
POSTIGO_CONFIG=$scratch/desk/postigo.conf
export POSTIGO_CONFIG
database=$scratch/desk/postigo.db
ask() { sqlite3 "$database" "$1"; }

is "$("$POSTIGO" rules check)" 'The rules are in order.' \
	'the shipped rules are in order'

number=0
mail() { # FROM SUBJECT
	number=$((number + 1))
	"$POSTIGO" deliver <<MAIL
From: $1
To: support@example.com
Subject: $2
Message-ID: <m$number@monitor.example>
Date: Tue, 24 Nov 2026 15:00:00 +0000

details of $number
MAIL
}

# three NAME DOWN WORSE UP: a thing goes down, is told again, and recovers; and
# another thing goes down beside it
three() {
	first=$(ask 'SELECT coalesce(max(id), 0) + 1 FROM ticket')
	mail "$1@monitor.example" "$2"
	mail "$1@monitor.example" "$3"
	is "$(ask "SELECT count(*) FROM message WHERE ticket = $first")" 2 \
		"$1: what is told again is on the same ticket"
	mail "$1@monitor.example" "$(echo "$2" | sed 's/db1/web7/')"
	is "$(ask "SELECT count(*) FROM ticket WHERE id >= $first")" 2 \
		"$1: another thing is another ticket"
	mail "$1@monitor.example" "$4"
	is "$(ask "SELECT state FROM ticket WHERE id >= $first" | tr '\n' ' ')" \
		'resolved new ' "$1: the recovery resolves the one and not the other"
}

three nagios '** PROBLEM Service Alert: db1/disk is WARNING **' \
	'** PROBLEM Service Alert: db1/disk is CRITICAL **' \
	'** RECOVERY Service Alert: db1/disk is OK **'
three icinga '[PROBLEM] disk on db1 is WARNING!' \
	'[PROBLEM] disk on db1 is CRITICAL!' '[RECOVERY] disk on db1 is OK!'
three zabbix 'Problem: High CPU utilization on db1' \
	'Updated problem in 5m 2s: High CPU utilization on db1' \
	'Resolved in 12m 30s: High CPU utilization on db1'
three alertmanager '[FIRING:1] InstanceDown (db1:9100 node critical)' \
	'[FIRING:1] InstanceDown (db1:9100 node critical)' \
	'[RESOLVED] InstanceDown (db1:9100 node critical)'
three prtg '[PRTG Network Monitor (PRTG)] db1 Ping Down (Request timed out)' \
	'[PRTG Network Monitor (PRTG)] db1 Ping Down (no response)' \
	'[PRTG Network Monitor (PRTG)] db1 Ping Down ended (now: Up) (OK)'
is "$(ask "SELECT count(*) FROM outbox WHERE purpose = 'acknowledgement'
	AND recipient NOT LIKE '%@monitor.example'" 2>/dev/null || echo 0)" 0 \
	'nobody but the monitors could be acknowledged'

# ---- rehearsal ----
mkdir "$scratch/mails"
printf 'From: a@b.example\nTo: support@example.com\nSubject: %s\n\nwords\n' \
	'Contact form: hello' >"$scratch/mails/form.eml"
printf 'type "request"\ntag "web"\n' >"$scratch/mails/form.expected"
printf 'From: a@b.example\nTo: support+vip@example.com\nSubject: %s\n\nx\n' \
	'URGENTE' >"$scratch/mails/urgent.eml"
printf 'tag "calm"\n' >"$scratch/mails/urgent.expected"
"$POSTIGO" rules test "$scratch/mails" >"$scratch/out"
is $? 1 'rules test ends with 1 where a mail differs'
is "$(sed '/fired on none/d' "$scratch/out")" 'form.eml: ok
urgent.eml: differs
  is:     tag "urgent?"
  wanted: tag "calm"
2 mails, 1 differ' 'it tells what is, and what was wanted'
like "$(cat "$scratch/out")" 'rules.sieve:[0-9]*: fired on none of these' \
	'and the lines that never fired'
printf 'tag "urgent?"\n' >"$scratch/mails/urgent.expected"
"$POSTIGO" rules test "$scratch/mails" >/dev/null
is $? 0 'and ends with 0 where all is as expected'

before=$(ask 'SELECT count(*) FROM journal')
sed 's/\[FIRING:\*\]/[NEVER:*]/' "$scratch/desk/rules.sieve" >"$scratch/new.sieve"
"$POSTIGO" replay --rules "$scratch/new.sieve" --since 2026-01-01 --diff \
	>"$scratch/out"
is "$(grep -c '^<' "$scratch/out")" 3 \
	'replay shows the mails that other rules would treat otherwise'
like "$(tail -1 "$scratch/out")" '3 would have been ruled otherwise' \
	'and counts them'
is "$(ask 'SELECT count(*) FROM journal')" "$before" 'and writes nothing'
echo 'nonsense;' >"$scratch/new.sieve"
exits 78 'replay with wrong rules' "$POSTIGO" replay --rules "$scratch/new.sieve"
exits 78 'rules check of a wrong file' "$POSTIGO" rules check "$scratch/new.sieve"

done_testing
