#!/bin/sh
# Functions that have one home, and functions that have none.
. "${srcdir:-.}/tests/tap.sh"
have "${CC:=cc}" || skip_all 'a compiler is needed to take the comments out'
cd "$srcdir/src" || exit 99

# every line of code without its comments, as file:line:text
for file in */*.[ch]; do
	"$CC" -fpreprocessed -dD -E "$file" 2>/dev/null |
		awk -v file="$file" '/^# [0-9]+ "/ { line = $2 - 1; next }
			{ line++; print file ":" line ":" $0 }'
done >"$scratch/code"

# lives WORDS HOMES WHY: words as an alternation, homes likewise ("-": nowhere)
lives() {
	bad=$(grep -E "^[^:]*:[^:]*:(.*[^A-Za-z0-9_.>])?($1) ?\\(" "$scratch/code" |
		grep -vE "^($2):|\<signal\(.*, SIG_(DFL|IGN)\)")
	is "$bad" '' "$3"
}

lives 'time|gettimeofday|clock_gettime|g_get_real_time|g_date_time_new_now[a-z_]*|g_date_time_new_from_unix_local' \
	'base/clock\.c' 'one place asks the time'
lives 'getenv|secure_getenv|g_getenv|g_get_environ|setenv|g_setenv|putenv' \
	'base/fault\.c|config/.*|cli/.*|serve/.*' 'the environment is for config/, cli/ and serve/'
lives 'v?printf|puts|putchar|g_print|putc|fputc' 'base/json\.c|cli/.*' \
	'only commands print'
lives 'v?fprintf|fputs|g_printerr|perror|syslog|vsyslog' \
	'base/(json|log|fault)\.c|cli/.*' 'only base/log and commands write to a stream'
lives 'g_(message|warning|critical|debug|info|log)' '-' 'nobody logs through GLib'
lives 'g_error|abort' 'base/token\.c|message/xml_lazy\.c' 'only a missing library or randomness ends us'
lives 'v?sprintf|strcpy|strcat|strncat|strncpy|stpcpy|gets|strtok|atol|atoll|atof' \
	'-' 'nothing that writes or reads without looking'
lives 'atoi|scanf|sscanf|fscanf' 'base/fault\.c|message/(header|worker)\.c' \
	'numbers are read with their faults, but for digits that were counted'
lives 'system|popen|g_spawn_command_line_(a?sync)|mktemp|tmpnam|tempnam' '-' \
	'no shell between us and a program'
lives 'alloca|g_alloca|g_newa|g_newa0|signal|vfork' '-' \
	'no memory from the stack, no unreliable signals'
lives 'rand|srand|random|g_random_[a-z0-9_]+' '-' \
	'no random numbers that can be guessed'
lives 'pthread_create|g_thread_new|g_thread_try_new|thrd_create' '-' 'no threads'
lives 'setlocale' 'cli/.*' 'only the program sets the locale'

done_testing
