#!/bin/sh
# The manual pages are clean mdoc.
. "${srcdir:-.}/tests/tap.sh"
have mandoc || skip_all 'mandoc is not installed'
cd "$srcdir/doc" || exit 99

lint() { # the date is ours to write, and other systems' pages are not here
	mandoc -Tlint -W style "$1" |
		grep -vE 'STYLE: (referenced manual not found|operating system explicitly)' >"$scratch/lint"
	cat "$scratch/lint"
	! [ -s "$scratch/lint" ]
}

for page in *.[1-8]; do
	[ -e "$page" ] || skip_all 'no pages yet'
	ok "$page" lint "$page"
done

done_testing
