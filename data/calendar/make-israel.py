#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make-israel.py > israel.ics: the days on which Israeli authorities do not work, 2025 to 2032, of Debian's hebcal: whole
days, and the afternoons of their eves."""

import datetime
import subprocess

YEARS = range(2025, 2033)
CLOSED = {
    "Pesach I": "פסח", "Pesach VII": "שביעי של פסח", "Yom HaAtzma'ut": "יום העצמאות", "Shavuot I": "שבועות",
    "Rosh Hashana II": "ראש השנה ב׳", "Yom Kippur": "יום כיפור", "Sukkot I": "סוכות",
    "Shmini Atzeret": "שמיני עצרת ושמחת תורה",
}
NEW_YEAR = "Rosh Hashana "  # with the year
EVES = {
    "Erev Pesach": "ערב פסח", "Pesach VI (CH''M)": "ערב שביעי של פסח", "Yom HaZikaron": "יום הזיכרון, ערב יום העצמאות",
    "Erev Shavuot": "ערב שבועות", "Erev Rosh Hashana": "ערב ראש השנה", "Erev Yom Kippur": "ערב יום כיפור",
    "Erev Sukkot": "ערב סוכות", "Sukkot VII (Hoshana Raba)": "הושענא רבה, ערב שמחת תורה",
}
EVE_ENDS = "130000"


def event(day, summary, whole):
    date = day.strftime("%Y%m%d")
    after = (day + datetime.timedelta(days=1)).strftime("%Y%m%d")
    times = ([f"DTSTART;VALUE=DATE:{date}", f"DTEND;VALUE=DATE:{after}"] if whole
             else [f"DTSTART:{date}T{EVE_ENDS}", f"DTEND:{after}T000000"])
    return ["BEGIN:VEVENT", f"UID:{date}-{'day' if whole else 'eve'}@shetach.org", "DTSTAMP:20250101T000000Z", *times,
            f"SUMMARY:{summary}", "TRANSP:OPAQUE", "END:VEVENT"]


def main():
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Shetach//Holidays of Israel//HE"]
    for year in YEARS:
        told = subprocess.run(["hebcal", "-i", "-g", str(year)], check=True, text=True, capture_output=True).stdout
        for line in told.splitlines():
            date, name = line.split(" ", 1)
            day = datetime.date.fromisoformat(date)
            if name in CLOSED:
                lines += event(day, CLOSED[name], True)
            elif name.startswith(NEW_YEAR) and name[len(NEW_YEAR):].isdigit():
                lines += event(day, "ראש השנה", True)
            elif name in EVES:
                lines += event(day, EVES[name], False)
    lines.append("END:VCALENDAR")
    print("\r\n".join(lines).replace(",", "\\,").replace("VALUE=DATE\\,", "VALUE=DATE,"), end="\r\n")


main()
