# The rules for incoming mail, in the language Sieve: postigo-sieve(7).
# After a change:	postigo rules check
# What would happen:	postigo explain FILE	(it names the line that fired)
#
# Every mail is held against every rule, from top to bottom; the last word
# counts, "stop" ends it.  Queue, team, owner, type and priority are given when
# a ticket is opened; a rule that asks "ticket" also changes them later.
require ["vnd.postigo", "variables", "relational", "comparator-i;unicode-casemap",
	"envelope", "subaddress"];

# ---- monitoring: one ticket for each thing, resolved when it recovers ----
# Whoever knows these subjects can move these tickets: where all of your
# monitoring comes from one address, put the rules into
#	if address "from" "nagios@example.com" { ... }

# Nagios, Icinga 1:  ** PROBLEM Service Alert: db1/disk is CRITICAL **
if header :matches "subject" "\\*\\* RECOVERY * Alert: * is * \\*\\*" {
	link "key" "nagios/${2}";
	resolve "${2} is ${3}";
} elsif header :matches "subject" "\\*\\* * * Alert: * is * \\*\\*" {
	link "key" "nagios/${3}";
	field "monitored" "${3}";
	tag "monitoring";
}
# Icinga 2:  [PROBLEM] disk on db1 is CRITICAL!
elsif header :matches "subject" "[RECOVERY] * is *!" {
	link "key" "icinga/${1}";
	resolve "${1} is ${2}";
} elsif header :matches "subject" "[PROBLEM] * is *!" {
	link "key" "icinga/${1}";
	field "monitored" "${1}";
	tag "monitoring";
}
# Zabbix:  Problem: High CPU utilization on db1
elsif header :matches "subject" ["Resolved in *: *", "Resolved*: *"] {
	link "key" "zabbix/${2}";
	resolve "Zabbix: resolved";
} elsif header :matches "subject" "Problem: *" {
	link "key" "zabbix/${1}";
	field "monitored" "${1}";
	tag "monitoring";
} elsif header :matches "subject" "Updated problem in *: *" {
	link "key" "zabbix/${2}";
	tag "monitoring";
}
# Prometheus Alertmanager:  [FIRING:1] InstanceDown node (db1:9100 critical)
elsif header :matches "subject" "[RESOLVED*] *" {
	link "key" "alertmanager/${2}";
	resolve "Alertmanager: resolved";
} elsif header :matches "subject" "[FIRING:*] *" {
	link "key" "alertmanager/${2}";
	field "monitored" "${2}";
	tag "monitoring";
}
# PRTG:  [PRTG Network Monitor] db1 Ping Down (no response)
elsif header :matches "subject" "[PRTG*] * Down ended*" {
	link "key" "prtg/${2}";
	resolve "PRTG: up again";
} elsif header :matches "subject" "[PRTG*] * Up (*" {
	link "key" "prtg/${2}";
	resolve "PRTG: up";
} elsif header :matches "subject" "[PRTG*] * Down*" {
	link "key" "prtg/${2}";
	field "monitored" "${2}";
	tag "monitoring";
}

# What is critical does not wait.
if allof (header :contains "subject" ["CRITICAL", "is DOWN"],
          not header :contains "subject" "RECOVERY") {
	priority "high";
}

# ---- what filters will state; this version runs none, so these never fire ----

if fact "virus" :matches "?*" {
	quarantine "a virus";
	stop;
}
if fact "spam.score" :value "ge" "8" {
	quarantine "spam";
	stop;
} elsif fact "spam.score" :value "ge" "5" {
	tag "spam?";
	noanswer;
}

# ---- who writes, and to whom ----

# Support+vip@... and the people who may always call.
if anyof (envelope :detail "to" "vip",
          address :comparator "i;unicode-casemap" "from"
	["director@example.com", "board@example.com"]) {
	priority "high";
	tag "vip";
}

# Newsletters are no requests.
if allof (exists "list-unsubscribe", not class "list",
          header :comparator "i;unicode-casemap" :contains "subject"
	["newsletter", "boletin", "webinar"]) {
	quarantine "a newsletter";
	stop;
}

# ---- what is in the mail ----

# Web forms: the visitor stands in Reply-To; the queue's reply-to = "reply-to"
# makes him the requester.
if header :matches "subject" "Contact form: *" {
	type "request";
	tag "web";
}

# The number that another desk has given to it.
if header :matches "subject" ["*[Case #*]*", "*[Ticket #*]*", "*[Ticket#*]*"] {
	field "vendor-case" "${2}";
}

# Words that say how it is meant.
if header :comparator "i;unicode-casemap" :contains "subject"
	["urgent", "urgente", "asap"] {
	tag "urgent?";
}
