#!/bin/sh
# Every mail of tests/corpus/ is still read as it was.
#
# Beside NNN-slug.eml stands NNN-slug.parse: what `postigo parse --json` says
# of it, without the name of the file, one key a line in the order of the
# alphabet.  `tests/corpus/run.sh --write` writes those that have changed; look
# at the difference before you commit it.
. "${srcdir:-.}/tests/tap.sh"
have python3 || skip_all 'python3 is needed'

corpus=$srcdir/tests/corpus

# one line of JSON a mail on stdin, one file NNN-slug.parse a mail in $1
pretty() { # FOLDER
	python3 -c '
import json, os, sys
for line in sys.stdin:
    result = json.loads(line)
    name = os.path.basename(result.pop("file"))
    path = os.path.join(sys.argv[1], os.path.splitext(name)[0] + ".parse")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(result, out, ensure_ascii=False, indent=1, sort_keys=True)
        out.write("\n")' "$1"
}

same() { # GOLDEN GOT
	diff -u "$1" "$2"
}

for folder in "$corpus"/*/; do
	why=$(basename "$folder")
	[ "$why" != demo ] || continue
	mkdir "$scratch/$why"
	"$POSTIGO" parse --json "$folder"*.eml | pretty "$scratch/$why"
	[ "$1" != --write ] || cp "$scratch/$why"/*.parse "$folder"
	for mail in "$folder"*.eml; do
		golden=${mail%.eml}.parse
		ok "$why/$(basename "$mail")" \
			same "$golden" "$scratch/$why/$(basename "$golden")"
	done
done

done_testing
