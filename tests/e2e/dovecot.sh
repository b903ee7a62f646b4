# A Dovecot of the test's own, with IMAP and POP3 in clear, by STARTTLS and by
# TLS.  Sourced after tests/tap.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# authority: certificates in $scratch: ca.pem, good.pem for 127.0.0.1,
# wrong.pem for another name
authority() (
	cd "$scratch" &&
		openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key \
			-out ca.pem -days 2 -subj '/CN=Test authority' &&
		certificate good IP:127.0.0.1 && certificate wrong DNS:x.example
) >"$scratch/openssl.log" 2>&1

certificate() { # NAME SUBJECT-ALT-NAME
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.req" \
		-subj '/CN=peer' &&
		printf 'subjectAltName=%s\n' "$2" >"$1.ext" &&
		openssl x509 -req -in "$1.req" -CA ca.pem -CAkey ca.key \
			-CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem"
}

# start_dovecot [LINES]: user "desk" with password "sesame"; LINES go into its
# configuration.  Its ports are $imap_port $imaps_port $pop3_port $pop3s_port.
start_dovecot() {
	have dovecot doveadm || skip_all 'Dovecot is needed'
	[ "$(id -u)" = 0 ] || skip_all 'Dovecot needs root for its processes'
	imap_port=$(free_port) imaps_port=$(free_port)
	pop3_port=$(free_port) pop3s_port=$(free_port)
	chmod 755 "$scratch"
	dove=$scratch/dovecot
	mkdir -p "$dove/run" "$dove/mail"
	chown mail "$dove/mail"
	[ -e "$scratch/good.pem" ] || authority
	echo 'desk:{PLAIN}sesame::::::' >"$dove/users"
	cat >"$dove/dovecot.conf" <<CONF
base_dir = $dove/run
state_dir = $dove/run
log_path = $dove/log
ssl = yes
ssl_cert = <$scratch/good.pem
ssl_key = <$scratch/good.key
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2
mail_location = maildir:$dove/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
protocols = imap pop3
listen = 127.0.0.1
service imap-login {
	chroot =
	inet_listener imap {
		port = $imap_port
	}
	inet_listener imaps {
		port = $imaps_port
	}
}
service pop3-login {
	chroot =
	inet_listener pop3 {
		port = $pop3_port
	}
	inet_listener pop3s {
		port = $pop3s_port
	}
}
service anvil {
	chroot =
}
passdb {
	driver = passwd-file
	args = username_format=%u $dove/users
}
userdb {
	driver = static
	args = uid=mail gid=mail home=$dove/mail/%u
}
${1-}
CONF
	start dovecot -F -c "$dove/dovecot.conf"
	wait_for 10 listening "$imap_port" || diag <"$dove/log"
}

# put FILE...: mails into the user's INBOX
put() {
	for mail; do
		doveadm -c "$dove/dovecot.conf" save -u desk <"$mail"
	done
}

doveadm_desk() { # COMMAND...: as doveadm
	doveadm -c "$dove/dovecot.conf" "$@"
}

# mails FOLDER: how many are in it
mails() {
	doveadm_desk mailbox status -u desk messages "$1" 2>/dev/null |
		sed 's/.*messages=//'
}

# letter NUMBER [LINES]: a mail on standard output
letter() {
	printf 'From: Rosa <rosa@home.test>\nTo: desk@desk.test\n'
	printf 'Subject: question %s\nMessage-ID: <%s@home.test>\n' "$1" "$1"
	printf 'Date: Tue, 3 Mar 2026 09:00:00 +0000\n%s\n' "${2-}"
	printf 'The printer on floor %s is out of paper.\n' "$1"
}
