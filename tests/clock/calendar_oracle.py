#!/usr/bin/python3
"""Working time reckoned a second time, by zoneinfo, and compared.

usage: calendar_oracle.py PROGRAM [--zones N] [--calendars N] [--sums N]
       [--seed N] [--first YEAR] [--years N]

Makes random calendars and sums in many zones, asks PROGRAM
(tests/clock/calendar_sums) and prints each difference.  Half of the sums begin
near a change of the zone's offset.  Nothing here is taken from the C code: an
opening is the first time that the clock on the wall shows it, a closing the
last, and what the clock jumps over is the moment of the jump.
"""
import argparse
import datetime as dt
import random
import subprocess
import sys
import zoneinfo

EPOCH = dt.datetime(1970, 1, 1)
UTC = dt.timezone.utc
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def wall(zone, instant):
    """What the clock on the wall shows at an instant, as naive time."""
    shown = dt.datetime.fromtimestamp(instant, UTC).astimezone(zone)
    return shown.replace(tzinfo=None, fold=0)


def stamp(zone, naive, fold):
    shown = naive.replace(tzinfo=zone, fold=fold)
    return int((naive - EPOCH - shown.utcoffset()).total_seconds())


def jump(zone, low, high):
    """The instant between two at which the offset changes."""
    def offset(instant):
        return dt.datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()
    goal = offset(high)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle) == goal:
            high = middle
        else:
            low = middle
    return high


def moment(zone, naive, last):
    """When the wall shows it: first or last; or when it is jumped over."""
    times = [stamp(zone, naive, fold) for fold in (0, 1)]
    real = [t for t in times if wall(zone, t) == naive]
    if real:
        return max(real) if last else min(real)
    return jump(zone, min(times) - 1, max(times) + 1)


class Office:
    """A calendar: hours by weekday in minutes, days that are otherwise."""

    def __init__(self, zone_name, rng):
        self.zone_name = zone_name
        self.zone = zoneinfo.ZoneInfo(zone_name)
        self.week = [self.some_hours(rng) if rng.random() < 0.8 else []
                     for _ in range(7)]
        self.odd = {}
        self.memory = {}

    @staticmethod
    def some_hours(rng):
        if rng.random() < 0.15:
            return [(0, 1440)]
        count = rng.choice((1, 1, 2, 2, 3))
        marks = sorted(rng.sample(range(0, 97), count * 2))
        return [(marks[2 * i] * 15, marks[2 * i + 1] * 15)
                for i in range(count)]

    def add_odd_days(self, rng, first, years):
        for _ in range(rng.randrange(0, 12 * years)):
            day = dt.date(first, 1, 1) + dt.timedelta(
                days=rng.randrange(0, 365 * years))
            self.odd[day] = self.some_hours(rng) if rng.random() < .3 else []

    def told(self):
        """The same in the words of the configuration."""
        def spans(hours):
            return " ".join("%02d:%02d-%02d:%02d" % (a // 60, a % 60, b // 60,
                                                     b % 60)
                            for a, b in hours)
        names = "Mon Tue Wed Thu Fri Sat Sun".split()
        lines = ["zone " + self.zone_name]
        lines += ["hours %s %s" % (names[i], spans(hours))
                  for i, hours in enumerate(self.week) if hours]
        for day, hours in sorted(self.odd.items()):
            lines.append(("holiday %s %s" % (day, spans(hours))).rstrip())
        return lines

    def open_times(self, day):
        if day not in self.memory:
            hours = self.odd.get(day, self.week[day.weekday()])
            midnight = dt.datetime.combine(day, dt.time())
            self.memory[day] = [
                (moment(self.zone, midnight + dt.timedelta(minutes=a), False),
                 moment(self.zone, midnight + dt.timedelta(minutes=b), True))
                for a, b in hours]
        return self.memory[day]

    def spans(self, since):
        """Open times after an instant, without end; None each empty month."""
        day = wall(self.zone, since).date() - DAY
        while True:
            for a, b in self.open_times(day):
                a = max(a, since)
                if b > a:
                    yield a, b
                    since = b
            day += DAY

    def after(self, since, seconds):
        if seconds <= 0:
            return since
        for a, b in self.spans(since):
            if b - a >= seconds:
                return a + seconds
            seconds -= b - a

    def between(self, since, until):
        total = 0
        if until <= since:
            return 0
        for a, b in self.spans(since):
            if a >= until:
                return total
            total += min(b, until) - a

    def opening(self, since):
        return next(self.spans(since))[0]


def changes(zone, first, years):
    """Instants at which the offset changes."""
    found = []
    step = 21 * 86400
    at = int((dt.datetime(first, 1, 1) - EPOCH).total_seconds())
    end = at + years * 365 * 86400

    def offset(instant):
        return dt.datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()
    while at < end:
        if offset(at) != offset(at + step):
            found.append(jump(zone, at, at + step))
        at += step
    return found


def sums(office, rng, count, first, years, near):
    base = int((dt.datetime(first, 1, 1) - EPOCH).total_seconds())
    for i in range(count):
        if near and i % 2:
            at = rng.choice(near) + rng.randrange(-2 * 86400, 86400)
        else:
            at = base + rng.randrange(0, years * 365 * 86400)
        kind = i % 5
        if kind < 3:
            much = rng.choice((60, 1800, 3600, 4 * 3600, 8 * 3600, 40 * 3600,
                               rng.randrange(1, 200000)))
            yield "after %d %d" % (at, much), office.after(at, much)
        elif kind == 3:
            until = at + rng.randrange(0, 12 * 86400)
            yield ("between %d %d" % (at, until), office.between(at, until))
        else:
            yield "open %d" % at, office.opening(at)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    for name, value in (("zones", 24), ("calendars", 3), ("sums", 30),
                        ("seed", 1), ("first", 2018), ("years", 20)):
        parser.add_argument("--" + name, type=int, default=value)
    args = parser.parse_args()
    names = sorted(n for n in zoneinfo.available_timezones()
                   if "/" in n and not n.startswith(("Etc/", "SystemV/", "posix/", "right/")))
    rng = random.Random(args.seed)
    hard = ["Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo",
            "Pacific/Apia", "America/St_Johns", "Asia/Tehran",
            "Europe/Dublin", "Europe/Madrid", "America/Bogota",
            "Asia/Kathmandu", "Africa/Cairo", "America/Havana"]
    hard = [name for name in hard if name in names]
    rest = [name for name in names if name not in hard]
    rng.shuffle(rest)
    asked = different = 0
    for name in (hard + rest)[:args.zones]:
        near = changes(zoneinfo.ZoneInfo(name), args.first, args.years)
        lines, wanted = [], []
        for _ in range(args.calendars):
            office = Office(name, rng)
            if not any(office.week):
                continue
            office.add_odd_days(rng, args.first, args.years)
            lines += office.told()
            for line, answer in sums(office, rng, args.sums, args.first,
                                     args.years, near):
                lines.append(line)
                wanted.append((line, answer))
        told = subprocess.run([args.program], input="\n".join(lines) + "\n",
                              stdout=subprocess.PIPE, encoding="utf-8",
                              check=False).stdout.split("\n")
        asked += len(wanted)
        for (line, answer), got in zip(wanted, told):
            if str(answer) != got:
                different += 1
                print("%s: %s: %s, not %s" % (name, line, got, answer))
    print("%d sums, %d differences" % (asked, different))
    return different > 0


sys.exit(main())
