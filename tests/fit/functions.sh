#!/bin/sh
# No function is longer than 60 lines or has more than 20 branches, but for
# those in functions.exempt, each with its reason.
. "${srcdir:-.}/tests/tap.sh"
have pmccabe || skip_all 'pmccabe is not installed'
cd "$srcdir" || exit 99

# columns of pmccabe: modified and traditional McCabe, statements, first line,
# lines, file(line): function
pmccabe src/*/*.c >"$scratch/all" 2>"$scratch/trouble"
is "$(cat "$scratch/trouble")" '' 'pmccabe reads all files'
awk '$1 > 20 || $5 > 60 {
	split($6, place, "(")
	print place[1], $7, "complexity " $1 ", lines " $5
}' "$scratch/all" | sort >"$scratch/big"

exempt=tests/fit/functions.exempt
awk '!/^#/ && NF { print $1, $2 }' "$exempt" | sort -u >"$scratch/exempt"
is "$(awk '!/^#/ && NF && NF < 4 { print FNR }' "$exempt")" '' \
	'each exemption has a reason'
is "$(awk 'NR == FNR { exempt[$1 " " $2] = 1; next }
	!(($1 " " $2) in exempt)' "$scratch/exempt" "$scratch/big")" '' \
	'no function is too long or too branched'
is "$(awk 'NR == FNR { big[$1 " " $2] = 1; next }
	!(($1 " " $2) in big)' "$scratch/big" "$scratch/exempt")" '' \
	'no exemption is left over'
diag 'the worst ten:'
sort -rn "$scratch/all" | head -n 10 | awk '{ print $1, $5 " lines", $6, $7 }' | diag

done_testing
