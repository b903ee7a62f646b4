#!/bin/sh
# Each header compiles alone, so that a reader needs no other to read it.
. "${srcdir:-.}/tests/tap.sh"
have "${CC:=cc}" pkg-config || skip_all 'a compiler and pkg-config are needed'
cd "$srcdir/src" || exit 99

for package in glib-2.0 gmime-3.0 libxml-2.0 sqlite3 libconfuse jansson zlib \
	libcurl libical libpq; do
	flags="$flags $(pkg-config --cflags "$package" 2>/dev/null)"
done

alone() {
	# shellcheck disable=SC2086 # flags are words
	"$CC" -std=gnu11 -fsyntax-only -Wall -I. -I"$builddir" $flags -x c "$1"
}

for header in */*.h; do
	ok "$header compiles alone" alone "$header"
	is "$(grep -c '^#pragma once$' "$header")" 1 "$header is read once"
done

done_testing
