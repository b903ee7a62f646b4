#!/bin/sh
# The common part of the language beside Pigeonhole's sieve-test: the same
# scripts on the same mails must do the same.
#
# common.tests has a test a line; scripts/*.in are scripts in which @"name" is
# an action.  The differences that are meant stand in oracle.exempt, each with
# its reason.
. "${srcdir:-.}/tests/tap.sh"
have sieve-test || skip_all 'sieve-test (dovecot-sieve) is not installed'
here=$srcdir/tests/sieve
trace=$builddir/tests/sieve/trace
mkdir "$scratch/mail"
# Dovecot touches no mail as root
uid=$(id -u) gid=$(id -g)
[ "$uid" -ne 0 ] || {
	uid=$(id -u nobody) gid=$(id -g nobody)
	chmod 755 "$scratch"
	chown "$uid:$gid" "$scratch" "$scratch/mail"
}

cat >"$scratch/dovecot.conf" <<CONF
mail_home = $scratch/mail
mail_location = maildir:$scratch/mail/box
mail_uid = $uid
mail_gid = $gid
first_valid_uid = 1
base_dir = $scratch/run
log_path = $scratch/log
ssl = no
plugin {
	sieve_extensions = +mime +foreverypart
	sieve_max_actions = 0
	sieve_max_redirects = 0
}
CONF

# theirs SCRIPT MAIL: what is done, a line each
theirs() {
	sieve-test -c "$scratch/dovecot.conf" -f ana.bounce@example.org \
		-a soporte+vip@acme.example -r soporte+vip@acme.example \
		"$1" "$2" 2>>"$scratch/trouble" |
		sed -nE 's/^ \* store message in folder: (.*)$/\1/p' |
		grep -vx 'INBOX'
}

# ours SCRIPT MAIL: the same of ours
ours() {
	"$trace" "$1" "$2" | grep -oE 'tag "([^"\\]|\\.)*"' |
		sed -E 's/^tag "(.*)"$/\1/; s/\\(.)/\1/g' | awk '!seen[$0]++'
}

# compare NAME: $scratch/NAME.theirs and .ours, script by script, mail by mail
compared=0
compare() {
	: >"$scratch/difference"
	for mail in "$here"/mails/*.eml; do
		name=$(basename "$mail" .eml)
		theirs "$scratch/$1.theirs" "$mail" >"$scratch/a"
		ours "$scratch/$1.ours" "$mail" >"$scratch/b"
		grep "^$1 $name:" "$here/oracle.exempt" 2>/dev/null |
			sed 's/^[^:]*: *//; s/ # [^#]*$//' >"$scratch/exempt"
		compared=$((compared + 1))
		diff "$scratch/a" "$scratch/b" | sed -n 's/^\([<>]\) /\1 /p' |
			grep -vxFf "$scratch/exempt" | sed "s/^/$name: /" \
			>>"$scratch/difference"
	done
	is "$(cat "$scratch/difference")" '' "$1: no difference that is not named"
}

# the tests of the table, all in one script; each names itself by its line
{
	echo 'require ["fileinto", "relational", "comparator-i;ascii-numeric",
	"envelope", "subaddress", "date", "body"];'
	awk 'NF { printf "if %s { fileinto \"%d\"; }\n", $0, FNR }' "$here/common.tests"
} >"$scratch/common.theirs"
sed 's/"fileinto"/"vnd.postigo"/; s/{ fileinto /{ tag /' \
	"$scratch/common.theirs" >"$scratch/common.ours"
compare common
diag "$(wc -l <"$here/common.tests") tests on $compared mails"

for script in "$here"/scripts/*.in; do
	name=$(basename "$script" .in)
	{ echo 'require "fileinto";'; sed 's/@"/fileinto "/g' "$script"; } \
		>"$scratch/$name.theirs"
	{ echo 'require "vnd.postigo";'; sed 's/@"/tag "/g' "$script"; } \
		>"$scratch/$name.ours"
	compare "$name"
done
is "$(grep -v 'Info: final result: success' "$scratch/trouble" | head -5)" '' \
	'sieve-test had no trouble'

done_testing
