#!/bin/sh
# What the desk would do with every mail of tests/corpus/ is still the same.
#
# Beside NNN-slug.eml stands NNN-slug.explain: what `postigo --json explain`
# says of it at the desk of demo/, one key a line in the order of the alphabet.
# That desk has its own key, so the names it signs are always the same, and
# its clock stands still.  `tests/corpus/explain.sh --write` writes those that
# have changed; look at the difference before you commit it.
. "${srcdir:-.}/tests/tap.sh"
have python3 || skip_all 'python3 is needed'

corpus=$srcdir/tests/corpus
POSTIGO_CONFIG=$scratch/desk/postigo.conf
POSTIGO_NOW=2026-03-02T08:00:00Z
export POSTIGO_CONFIG POSTIGO_NOW

# first NUMBER FROM SUBJECT: a mail that opens a ticket
first() {
	printf '%s\n' 'Authentication-Results: mx.acme.example; dmarc=pass
	header.from='"$(echo "$2" | sed 's/.*@\(.*\)>/\1/')" \
		'Received: from client by mx.acme.example; Mon, 2 Mar 2026 08:00:00 +0000' \
		"From: $2" 'To: soporte@acme.example' "Subject: $3" \
		"Message-ID: <first.$1@clinica.example>" \
		'Date: Mon, 2 Mar 2026 08:00:00 +0000' '' "$3." |
		"$POSTIGO" deliver -r soporte@acme.example
}

# Twelve tickets: most mails of the corpus speak of number 12, and number 3 is
# closed.
make_desk() {
	"$POSTIGO" -q init "$scratch/desk" >/dev/null || return
	cp "$corpus/demo/postigo.conf" "$corpus/demo/postigo.key" \
		"$scratch/desk" || return
	for number in 1 2 3 4 5 6 7 8 9 10 11; do
		first $number 'Marta Gil <marta@clinica.example>' \
			"Caso $number" || return
	done
	first 12 'Ana Ruiz <ana.ruiz@clinica.example>' \
		'La impresora no imprime' || return
	echo '¿Cuál es el número de serie?' | "$POSTIGO" -q reply 12 || return
	"$POSTIGO" -q set 3 state=closed
}

# One line of JSON a mail on stdin, in the order of the mails: pretty, one file
# NNN-slug.explain a mail in the folder.
pretty() { # FOLDER MAIL...
	python3 -c '
import json, os, sys
for mail, line in zip(sys.argv[2:], sys.stdin):
    name = os.path.splitext(os.path.basename(mail))[0] + ".explain"
    with open(os.path.join(sys.argv[1], name), "w", encoding="utf-8") as out:
        json.dump(json.loads(line), out, ensure_ascii=False, indent=1,
                  sort_keys=True)
        out.write("\n")' "$@"
}

# the goldens of FOLDER against what was got
same() { # FOLDER GOT
	diff -ru -x README -x '*.eml' -x '*.parse' "$1" "$2"
}

make_desk >"$scratch/made" 2>&1 || {
	diag <"$scratch/made"
	exit 99
}
for folder in "$corpus"/*/; do
	why=$(basename "$folder")
	[ "$why" != demo ] || continue
	mkdir -p "$scratch/got/$why"
	"$POSTIGO" --json explain "$folder"*.eml |
		pretty "$scratch/got/$why" "$folder"*.eml
	[ "$1" != --write ] || cp "$scratch/got/$why"/*.explain "$folder"
	ok "$why: the same plans" same "$folder" "$scratch/got/$why"
done

done_testing
