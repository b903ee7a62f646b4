# A whole round over a real Postfix, with mutt as the requester's and as the
# agent's mail client.  Sourced after tests/tap.sh; the test defines
#   on_the_way_to_her	filter of a mail before the requester's mutt sees it
#   on_the_way_back	filter of what the requester's mutt sends
# shellcheck shell=sh disable=SC2034,SC2154
. "$srcdir/tests/e2e/mta.sh"
. "$srcdir/tests/e2e/desk.sh"

need_round_trip() {
	have mutt script || skip_all 'mutt is not installed'
	have postfix || skip_all 'Postfix is not installed'
	need_root
}

# fields EDIT...: a filter for a mail's header; EDIT is "-Name" to drop a field,
# "Name: value" to replace it.  The text is not touched.
fields() {
	python3 "$srcdir/tests/e2e/fields.py" "$@"
}

# start_servers: the border (a Postfix that stamps Authentication-Results) with
# Maildirs for example.test and staff.test, desk.test by pipe(8) to a desk
start_servers() {
	mkdir -p "$scratch/mail"
	chown nobody "$scratch/mail"
	out_port=$(free_port)
	cat >"$scratch/desk.conf" <<EOT
smtp {
	url = "smtp://127.0.0.1:$out_port"
	tls = "never"
}
EOT
	make_desk nobody
	# what a verifier at the border writes, and the fields of that name that
	# come from outside removed
	cat >"$scratch/border" <<'EOT'
/^Authentication-Results:.*mail\.desk\.test/ IGNORE
/^From:.*[@]([a-z.]+)>?$/ PREPEND Authentication-Results: mail.desk.test; dmarc=pass header.from=$1
EOT
	cat >"$scratch/master.cf" <<EOT
127.0.0.1:$out_port inet n - n - - smtpd
border    unix n - n - 0 cleanup
  -o header_checks=regexp:$scratch/border
postigo   unix - n n - - pipe
  flags=DRX user=nobody null_sender=
  argv=$postigo deliver -f \${sender} -r \${recipient}
EOT
	cat >"$scratch/main.cf" <<EOT
mydestination =
recipient_delimiter = +
virtual_mailbox_domains = desk.test, example.test, staff.test
virtual_mailbox_base = $scratch/mail
virtual_mailbox_maps = inline:{ { desk@desk.test = desk/ },
  { marta@example.test = marta/ }, { ana@staff.test = ana/ },
  { luis@staff.test = luis/ } }
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
transport_maps = inline:{ { desk.test = postigo: } }
postigo_destination_recipient_limit = 1
EOT
	postfix_start || return
	postconf -c "$postfix_dir/etc" -P "127.0.0.1:$smtp_port/inet/cleanup_service_name=border"
	postfix -c "$postfix_dir/etc" reload 2>/dev/null
	wait_for 10 listening "$smtp_port"
}

# client WHO ADDRESS NAME: a mutt of theirs; $scratch/WHO.send sends
client() {
	mkdir -p "$scratch/$1"
	cat >"$scratch/$1.send" <<EOT
#!/bin/sh
cat >"$scratch/$1.sent"
"$scratch/on_the_way" "$1" <"$scratch/$1.sent" |
	python3 "$srcdir/tests/e2e/smtp_send.py" "$smtp_port" "$2" \\
		\$("$scratch/recipients" <"$scratch/$1.sent")
EOT
	chmod 755 "$scratch/$1.send"
	cat >"$scratch/$1.rc" <<EOT
set from="$2" realname="$3" use_from=yes envelope_from=no
set sendmail="$scratch/$1.send" editor="$scratch/editor" sendmail_wait=0
set folder="$scratch" record="" postponed="$scratch/$1/drafts" spoolfile="$scratch/$1/one"
set mbox_type=Maildir fast_reply=yes include=yes reply_to=yes charset=utf-8
set abort_nosubject=no abort_unmodified=no askbcc=no askcc=no sig_dashes=no
set quit=yes move=no confirmappend=no confirmcreate=no wait_key=no mail_check=0
set hostname="client.$1.test" crypt_use_gpgme=no header_cache=""
set attribution="On %d, %n wrote:" ssl_starttls=no history_file="" sleep_time=0
EOT
}

# the text goes where people who answer on top put it
write_client_programs() {
	cat >"$scratch/editor" <<EOT
#!/bin/sh
cat "$scratch/words" "\$1" >"\$1.new" && mv "\$1.new" "\$1"
EOT
	cat >"$scratch/recipients" <<'EOT'
#!/bin/sh
exec python3 -c '
import email.policy, email.utils, sys, email
mail = email.message_from_binary_file(sys.stdin.buffer)
print(*[a for _, a in email.utils.getaddresses(mail.get_all("To", []) + mail.get_all("Cc", []))])'
EOT
	chmod 755 "$scratch/editor" "$scratch/recipients"
}

# newest WHO: the path of the newest mail in their Maildir that newest() has
# not given out yet; waits for it
newest() {
	touch "$scratch/$1.seen"
	wait_for 20 unseen "$1" || return 1
	unseen "$1" | tail -n 1 >"$scratch/$1.path"
	unseen "$1" >"$scratch/$1.now"
	cat "$scratch/$1.now" >>"$scratch/$1.seen"
	cat "$scratch/$1.path"
}
unseen() {
	find "$scratch/mail/$1/new" -type f -printf '%T@ %p\n' 2>/dev/null |
		sort -n | cut -d' ' -f2- | grep -vxF -f "$scratch/$1.seen"
}

# answers WHO MAIL WORDS: their mutt opens the mail and answers it
answers() {
	printf '%s\n\n' "$3" >"$scratch/words"
	rm -rf "$scratch/$1/one" "$scratch/$1.sent"
	mkdir -p "$scratch/$1/one/new" "$scratch/$1/one/cur" "$scratch/$1/one/tmp"
	cp "$2" "$scratch/$1/one/new/1.mail"
	TERM=vt100 timeout 20 script -qec "mutt -F '$scratch/$1.rc' -f '$scratch/$1/one' \
		-e 'push <reply><send-message><quit>'" /dev/null >"$scratch/$1.screen" 2>&1 </dev/null
	[ -s "$scratch/$1.sent" ]
}

send_all() {
	su_nobody -q send --once
}

# postigo as the user whose desk it is
su_nobody() {
	setpriv --reuid nobody --regid nogroup --clear-groups "$postigo" "$@"
}

header() { # MAIL NAME: decoded, unfolded
	python3 -c '
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
for value in mail.get_all(sys.argv[2], []): print(value)' "$1" "$2"
}

body() { # MAIL: its plain text
	python3 -c '
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(mail.get_body(("plain",)).get_content())' "$1"
}

round_trip() {
	need_round_trip
	start_servers || { fail 'the servers start'; return; }
	write_client_programs
	cat >"$scratch/on_the_way" <<EOT
#!/bin/sh
exec cat
EOT
	chmod 755 "$scratch/on_the_way"
	client marta marta@example.test 'Marta Ruiz'
	client ana ana@staff.test 'Ana Ríos'

	echo 'The VPN says: error 691. It worked yesterday.' |
		mutt -F "$scratch/marta.rc" -s 'VPN from home' desk@desk.test
	first_ticket() { [ "$(ask list | wc -l)" -eq 1 ]; }
	ok "a requester's mail becomes a ticket" wait_for 20 first_ticket || return
	is "$(ask list | field id)" 1 'it is ticket 1'
	ok 'what waits in the outbox goes out' send_all

	acknowledgement=$(newest marta) || { fail 'a mail comes to her'; return; }
	like "$(header "$acknowledgement" Subject)" '\[#1\]' 'she gets an acknowledgement'
	like "$(header "$acknowledgement" Auto-Submitted)" auto-replied 'it says that it is automatic'
	like "$(body "$acknowledgement")" 'VPN from home|691' 'it may repeat her words: she is proven'
	is "$(header "$acknowledgement" Return-Path | tr -d '<>')" '' 'it has no sender to answer to'

	notice=$(newest ana) || { fail 'a mail comes to the agent'; return; }
	like "$(header "$notice" Subject)" '\[#1\].*VPN from home' 'the agent is told'
	ok 'the agent answers from mutt' answers ana "$notice" \
		'Please restart the laptop and try again; we have reset your account.' ||
		return
	has_answer() { ask show 1 | grep -q 'we have reset your account'; }
	ok 'his answer is on the ticket' wait_for 20 has_answer || return
	send_all

	answer=$(newest marta) || { fail 'a mail comes to her'; return; }
	like "$(body "$answer")" 'we have reset your account' 'the requester receives it'
	like "$(header "$answer" From)" 'Ana Ríos.*desk@desk.test' "with the agent's name and the desk's address"
	like "$(header "$answer" To)" 'marta@example.test' 'to herself'
	like "$(header "$answer" Subject)" '\[#1\].*VPN from home' 'with the tag in the subject'
	like "$(header "$answer" Reply-To)" 'desk\+[a-z2-7]{39}@desk.test' 'with a reply token'
	like "$(header "$answer" Message-ID)" '<p\.1\.[0-9]+\.[a-z2-7]+@desk.test>' 'with a signed Message-ID'
	is "$(header "$answer" In-Reply-To)" "$(header "$scratch/marta.sent" Message-ID)" 'as an answer to her mail'
	is "$(header "$answer" Auto-Submitted)" '' 'it is not automatic'
	agent_token=$(header "$notice" Reply-To | grep -oE '\+[a-z2-7]{39}@')
	is "$(grep -cF -e "$agent_token" "$answer")" 0 "the agent's token is not in it"

	on_the_way_to_her <"$answer" >"$scratch/altered"
	cat >"$scratch/on_the_way" <<EOT
#!/bin/sh
[ "\$1" = marta ] || exec cat
fields=$srcdir/tests/e2e/fields.py
exec $on_the_way_back
EOT
	ok 'she answers from mutt' answers marta "$scratch/altered" \
		'That helped, but now the network drive is missing.' || return
	has_second() { ask show 1 | grep -q 'network drive is missing'; }
	ok 'her answer is on the ticket' wait_for 20 has_second || return
	send_all
	told=$(newest ana) || { fail 'a mail comes to the agent'; return; }
	like "$(body "$told")" 'network drive is missing' 'the agent is told'

	is "$(ask list | wc -l)" 1 'all of it is one ticket'
	is "$(ask messages | field direction | tr '\n' ' ')" 'in out in ' \
		'of three messages: in, out, in'
	is "$(ask quarantine | wc -l)" 0 'nothing was set aside'
	ok 'all invariants hold' su_nobody fsck
	ok 'the journal gives every table again' su_nobody fsck --replay
}
