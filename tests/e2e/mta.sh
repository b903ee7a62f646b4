# What the end-to-end tests with real mail servers share: a Postfix of one's
# own, a stand-in for postigo, small mails.  Sourced after tests/tap.sh.
# shellcheck shell=sh disable=SC2154

# Servers take other identities, which must be able to reach $scratch.
chmod 711 "$scratch"

need_root() {
	[ "$(id -u)" -eq 0 ] || skip_all 'mail servers want to be started by root'
}

smtp_send() { # PORT SENDER RECIPIENT...: the mail is stdin
	python3 "$srcdir/tests/e2e/smtp_send.py" "$@"
}

simple_mail() { # FROM TO SUBJECT [BODY]
	cat <<MAIL
From: $1
To: $2
Subject: $3
Date: Tue, 24 Nov 2026 10:00:00 +0000
Message-ID: <$(echo "$1 $2 $3" | cksum | tr ' ' .)@example.test>

${4:-The printer on the second floor shows error 49.}
MAIL
}

# stand_in: writes $scratch/stand-in, a program in postigo's place.  The local
# part of its recipient, the last argument or $RECIPIENT, says what it does:
# exit-75, say-0 (prints, exits 0), status-1 (prints "4.3.0 later", exits 1),
# kill-9, unread-0, sleep-100.
stand_in() {
	cat >"$scratch/stand-in" <<'PROGRAM'
#!/bin/sh
word=$RECIPIENT
for word; do :; done
[ "$word" != deliver ] || word=$RECIPIENT
word=${word%%@*}
value=${word#*-}
[ "${word%-*}" = unread ] || cat >/dev/null
case $word in
say-*) echo 'hello from the program' ;;
status-*) echo '4.3.0 try again later' ;;
kill-*) kill "-$value" $$ ;;
sleep-*) sleep "$value" ;;
esac
exit "$value"
PROGRAM
	chmod 755 "$scratch/stand-in"
}

# postfix_start: a Postfix in $scratch/postfix on 127.0.0.1:$smtp_port.
# $scratch/main.cf and $scratch/master.cf, if they are there, are added to its
# configuration.  The log is $scratch/maillog.
postfix_start() {
	have postfix postconf || skip_all 'Postfix is not installed'
	need_root
	smtp_port=$(free_port)
	postfix_dir=$scratch/postfix
	mkdir -p "$postfix_dir/queue" "$postfix_dir/data" "$postfix_dir/etc"
	chown postfix "$postfix_dir/data"
	cat >"$postfix_dir/etc/main.cf" <<MAIN
compatibility_level = 3.6
queue_directory = $postfix_dir/queue
data_directory = $postfix_dir/data
daemon_directory = $(postconf -dh daemon_directory)
command_directory = $(postconf -dh command_directory)
maillog_file = $scratch/maillog
maillog_file_prefixes = $scratch
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.desk.test
mydestination = desk.test
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
smtp_host_lookup = native
default_transport = error:nowhere but here
smtputf8_enable = no
biff = no
MAIN
	cat >"$postfix_dir/etc/master.cf" <<MASTER
127.0.0.1:$smtp_port inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
proxymap  unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
local     unix - n n - - local
virtual   unix - n n - - virtual
postlog   unix-dgram n - n - 1 postlogd
MASTER
	for part in main master; do
		[ ! -e "$scratch/$part.cf" ] ||
			cat "$scratch/$part.cf" >>"$postfix_dir/etc/$part.cf"
	done
	at_exit "postfix -c '$postfix_dir/etc' stop >/dev/null 2>&1"
	postfix -c "$postfix_dir/etc" start >"$scratch/postfix.out" 2>&1 || {
		diag <"$scratch/postfix.out"
		return 1
	}
	wait_for 10 listening "$smtp_port"
}

# postfix_status RECIPIENT: sent, deferred or bounced, within 20 seconds.
postfix_status() {
	wait_for 20 grep -q " to=<$1>.* status=" "$scratch/maillog"
	sed -n "s/.* to=<$1>.* status=\\([a-z]*\\).*/\\1/p" "$scratch/maillog" |
		head -n 1
}

# room COMMAND...: runs it in a throw-away copy of this system, where packages of
# $builddir/mta are unpacked and nothing that is changed outside $scratch stays;
# the network and $scratch are shared.  For servers whose packages cannot be
# installed beside Postfix.  `start room COMMAND...` for a daemon: one pid.
room() {
	exec env share="$scratch $builddir $srcdir" mta="$builddir/mta" unshare -m sh -c '
		set -e
		mount -t tmpfs tmpfs /mnt
		mkdir /mnt/up /mnt/work /mnt/root
		mount -t overlay overlay -o \
			lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work /mnt/root
		for place in /proc /dev $share; do
			mkdir -p "/mnt/root$place"
			mount --rbind "$place" "/mnt/root$place"
		done
		for package in "$mta"/*.deb; do
			# not dpkg -x: it makes a directory of the link /lib
			dpkg-deb --fsys-tarfile "$package" |
				tar -x -C /mnt/root --keep-directory-symlink
		done
		for user in Debian-exim opensmtpd opensmtpq; do
			grep -q "^$user:" /etc/passwd ||
				chroot /mnt/root useradd --system --no-log-init "$user"
		done
		exec chroot /mnt/root "$@"
	' room "$@"
}

# need_room PACKAGE: skips the test where there is no room or no such package.
need_room() {
	need_root
	ls "$builddir/mta/$1"_*.deb >/dev/null 2>&1 ||
		skip_all "package $1 is not in $builddir/mta (contrib/check fetches it)"
	(room true) >/dev/null 2>&1 ||
		skip_all 'no private mounts are allowed here (unshare, overlay)'
}
