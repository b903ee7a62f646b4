#!/bin/sh
# What procmail and maildrop make of a program's end (faults.md 1.2), and that
# with our recipes every failure is 75 and no failed mail is filed away.
. "${srcdir:-.}/tests/tap.sh"
. "$srcdir/tests/e2e/mta.sh"
. "$srcdir/tests/e2e/desk.sh"
have procmail || have maildrop || skip_all 'neither procmail nor maildrop is installed'

stand_in
export HOME="$scratch/home" LOGNAME="${LOGNAME:-$(id -un)}"
mkdir "$HOME"
# larger than a pipe holds, so that not reading it is noticed
{
	simple_mail ana@example.test desk@desk.test 'no network'
	yes 'all machines of the second floor are cut off since this morning' |
		head -n 4000
} >"$scratch/mail"

by_procmail() { # RCFILE
	rm -f "$HOME/mbox"
	procmail -p -m "DEFAULT=$HOME/mbox" "ORGMAIL=$HOME/mbox" "$1" \
		<"$scratch/mail" >"$scratch/out" 2>&1
	echo $?
}

by_maildrop() { # FILTER
	rm -f "$HOME/mbox"
	chmod 600 "$1"
	(cd "$HOME" && maildrop "$1") <"$scratch/mail" >"$scratch/out" 2>&1
	echo $?
}

# recipe FILE WHAT: the recipe, with the stand-in in postigo's place
recipe() {
	sed "s|/usr/bin/postigo|$scratch/stand-in|; s/ deliver / deliver $2 /" \
		"$srcdir/contrib/$1" >"$scratch/recipe"
	grep -q "stand-in" "$scratch/recipe" || echo bad recipe >&2
}

# what happens, procmail without and with our recipe, maildrop likewise
cat >"$scratch/table" <<'EOT'
exit-0		0	0	0	0
exit-75		0	75	75	75
exit-71		0	75	71	75
exit-74		0	75	74	75
exit-78		0	75	78	75
exit-65		0	75	65	75
exit-1		0	75	1	75
exit-127	0	75	127	75
exit-255	0	75	255	75
kill-9		0	75	255	75
say-0		0	0	0	0
EOT

while read -r what loose ours bare filtered; do
	if have procmail; then
		printf ':0\n| %s/stand-in %s\n' "$scratch" "$what" >"$scratch/rc"
		is "$(by_procmail "$scratch/rc")" "$loose" \
			"procmail without the flag w: $what is $loose"
		recipe procmail/procmailrc "$what"
		is "$(by_procmail "$scratch/recipe")" "$ours" \
			"procmail with our recipe: $what is $ours"
		ok "procmail with our recipe: $what files nothing" \
			test ! -e "$HOME/mbox"
	fi
	if have maildrop; then
		printf 'to "|%s/stand-in %s"\n' "$scratch" "$what" >"$scratch/filter"
		is "$(by_maildrop "$scratch/filter")" "$bare" \
			"maildrop without our recipe: $what is $bare"
		recipe maildrop/mailfilter "$what"
		is "$(by_maildrop "$scratch/recipe")" "$filtered" \
			"maildrop with our recipe: $what is $filtered"
	fi
done <"$scratch/table"

sed "s|/usr/bin/postigo|$scratch/not-there|" "$srcdir/contrib/procmail/procmailrc" \
	>"$scratch/recipe"
! have procmail || is "$(by_procmail "$scratch/recipe")" 75 \
	'procmail with our recipe: a missing program is 75'
sed "s|/usr/bin/postigo|$scratch/not-there|" "$srcdir/contrib/maildrop/mailfilter" \
	>"$scratch/recipe"
! have maildrop || is "$(by_maildrop "$scratch/recipe")" 75 \
	'maildrop with our recipe: a missing program is 75'

# Postigo itself, with the environment that Postfix gives to mailbox_command
make_desk "$(id -un)"
export SENDER=ana@example.test ORIGINAL_RECIPIENT=desk+word@desk.test
for recipe in procmail/procmailrc maildrop/mailfilter; do
	program=${recipe%/*}
	have "$program" || continue
	simple_mail ana@example.test desk@desk.test "by $program" >"$scratch/mail"
	sed "s|/usr/bin/postigo|$postigo|" "$srcdir/contrib/$recipe" >"$scratch/recipe"
	is "$("by_$program" "$scratch/recipe")" 0 "$program hands a mail to Postigo"
	is "$(ask search "by $program" | field subject)" "by $program" \
		"$program: it becomes a ticket"
	is "$(envelopes | tail -n 1)" "ana@example.test|desk+word@desk.test" \
		"$program passes the envelope on"
	mv "$scratch/desk" "$scratch/away"
	is "$("by_$program" "$scratch/recipe")" 75 \
		"$program: without its configuration the mail stays, 75"
	ok "$program: and is not filed" test ! -s "$HOME/mbox"
	mv "$scratch/away" "$scratch/desk"
done

done_testing
