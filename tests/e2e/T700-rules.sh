#!/bin/sh
# Rules on incoming mail: what a script says becomes of the ticket; a monitored
# thing has one ticket; explain names the line.
. "${srcdir:-.}/tests/tap.sh"
have sqlite3 || skip_all 'sqlite3 is needed'
have python3 || skip_all 'python3 is needed'
. "$srcdir/tests/e2e/desk.sh"

cat >"$scratch/desk.conf" <<'CONF'
queue "network" {
	address = {"redes@desk.test"}
	team = "level2"
}
team "level2" {
	members = {"luis"}
	level = 2
}
CONF
make_desk "" || skip_all 'no desk'
conf=$scratch/desk/postigo.conf
sed -i 's/^desk {/&\n\trules = "rules.sieve"/' "$conf"

# mail FROM SUBJECT [BODY]: delivered, as a person's
number=0
mail() {
	number=$((number + 1))
	"$postigo" deliver -f "$1" <<MAIL
Received: from a by b; Tue, 24 Nov 2026 15:00:00 +0000
From: <$1>
To: desk@desk.test
Subject: $2
Message-ID: <m$number@test>
Date: Tue, 24 Nov 2026 15:00:0$((number % 10)) +0000

${3-words of mail $number}
MAIL
}

cat >"$scratch/desk/rules.sieve" <<'RULES'
require ["vnd.postigo", "nosuch"];
if heeder "subject" "x" { queue "netwrk"; }
RULES
is "$("$postigo" check 2>&1 | sed "s|$scratch/desk/||")" \
'rules.sieve:1:25: no extension is called "nosuch"
rules.sieve:2:4: no test is called heeder; did you mean header?
rules.sieve:2:33: no queue is called "netwrk"; did you mean "network"?' \
	'check tells all faults of the rules, each at its place'
exits 75 'with wrong rules mail waits' "$postigo" deliver -f a@b.test <<'MAIL'
From: a@b.test
To: desk@desk.test
Subject: early

words
MAIL

cat >"$scratch/desk/rules.sieve" <<'RULES'
require ["vnd.postigo", "variables"];

if header :contains "subject" "vpn" {
	queue "network";
	priority "high";
	type "request";
	tag ["vpn", "remote"];
	assign "luis";
	field "site" "Lima";
	watch "boss@customer.test";
	note "The site has its own VPN.";
	noanswer;
}
if header :matches "subject" "PROBLEM: * is *" {
	link "key" "host/${1}";
	tag "monitoring";
} elsif header :matches "subject" "RECOVERY: * is *" {
	link "key" "host/${1}";
	resolve "${1} is ${2}";
}
if address "from" "pest@spam.test" {
	ban;
	stop;
}
if header "subject" "hold me" {
	quarantine "looks odd";
}
if allof (ticket "state" "new", header :contains "subject" "urgent") {
	priority "urgent";
}
RULES
is "$("$postigo" check 2>&1 | tail -1)" 'All is well.' 'the rules are in order'

mail rosa@customer.test 'the VPN is down'
is "$(ask show 1 | python3 -c '
import json, sys
t = json.loads(sys.stdin.readline())
print(t["queue"], t["team"], t["level"], t["priority"], t["type"], t["owner"],
      ",".join(t["tags"]), t["fields"])')" \
	"network level2 2 high request luis remote,vpn {'site': 'Lima'}" \
	'queue, team, priority, type, owner, tags and fields are as the rules say'
like "$("$postigo" show 1)" 'The site has its own VPN' 'their note is there'
like "$(ask show 1)" 'boss@customer.test' 'their watcher is there'
is "$(ask outbox | field purpose | grep -c acknowledgement)" 0 \
	'noanswer: no acknowledgement goes'

cat >"$scratch/vpn" <<'MAIL'
From: rosa@customer.test
To: desk@desk.test
Subject: another VPN

words
MAIL
is "$(ask explain "$scratch/vpn" | python3 -c '
import json, sys
for rule in json.load(sys.stdin)["rules"]:
    print(rule["file"].split("/")[-1], rule["line"], *rule["actions"][:2])')" \
	'rules.sieve 3 queue "network" priority "high"' \
	'explain names the line that fired, and its actions'

# one monitored thing, one ticket
mail nagios@mon.test 'PROBLEM: db1 is DOWN'
mail nagios@mon.test 'PROBLEM: web is DOWN'
mail nagios@mon.test 'PROBLEM: db1 is UNREACHABLE'
is "$(ask list tag:monitoring | field id | tr '\n' ' ')" '2 3 ' \
	'two things, two tickets'
is "$(ask show 2 | python3 -c '
import json, sys; print(len(json.load(sys.stdin)["messages"]))')" 2 \
	'the second mail on a thing updates its ticket'
mail nagios@mon.test 'RECOVERY: db1 is UP'
is "$(ask show 2 | field state)" resolved 'a recovery resolves it'
mail nagios@mon.test 'RECOVERY: never is UP'
is "$(ask list | wc -l)" 3 'a recovery of what was never down opens nothing'
mail nagios@mon.test 'PROBLEM: db1 is DOWN' 'again'
is "$(ask show 2 | field state)" open 'it comes back: the ticket reopens'

# held and banned
mail rosa@customer.test 'hold me'
like "$(ask quarantine | field reason)" 'looks odd' 'quarantine holds the mail'
mail pest@spam.test 'buy'
mail pest@spam.test 'buy more'
is "$(ask quarantine | field reason | grep -c 'banned')" 2 \
	'ban holds the mail, and those that follow'
is "$(ask list | wc -l)" 3 'none of them opens a ticket'

# a change of the script needs no restart
printf 'require "vnd.postigo";\ntag "new-rules";\n' >"$scratch/desk/rules.sieve"
mail rosa@customer.test 'after the change'
is "$(ask list tag:new-rules | wc -l)" 1 'the next mail goes by the new rules'

done_testing
