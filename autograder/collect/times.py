"""Times as learning platforms write them, in whatever language; the zone of the machine that reads them is never asked."""

import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from functools import cache

from dateparser.date import DateDataParser

LONGEST = 100
"""More characters are no time."""
NOTHING = re.compile(r"[\W_]*|never|null|none|n/?a|no submission", re.IGNORECASE)
"""How a platform says that nothing was handed in."""
_WEEKDAY = re.compile(r"\([^\x00-\x7f]+\)")  # 2026年11月24日(火)
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b\.?")
_TWO_TIMES = re.compile(r"\b[ABCIS]ST\b|\d\. (?:lis(?!topadu)|lip\b|srp\b)|มี\.ค")
"""CST is China's and Chicago's; dateparser takes Croatia's October for Poland's November, Thailand's March for January."""
_YEARS = range(2000, 2200)
"""Others are another calendar's (1405, 2569), or a zero's, 1970."""
_TWO_DAYS = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)\b")


def read_time(text: str, zone: tzinfo) -> datetime | None:
    """A time in UTC, without an offset; one that says no offset is the zone's.

    None where there is no day, month, year or time of day, where it may be two (9/10/2026, CST), and in other calendars.
    """
    text = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text)).strip()[: LONGEST + 1]
    text = _DOTTED.sub(r"\3-\2-\1", text)
    two = _TWO_DAYS.search(text)
    doubtful = two and (len(two[4]) == 2 or (two[1] != two[3] and max(int(two[1]), int(two[3])) < 13))
    when = None if len(text) > LONGEST or doubtful or _TWO_TIMES.search(text) else _parsed(text)
    when = when if when and when.year in _YEARS else None
    return when and (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC).replace(tzinfo=None)


@cache
def _parsed(text: str) -> datetime | None:
    settings = {"TIMEZONE": "UTC", "PARSERS": ["absolute-time"], "STRICT_PARSING": True, "RETURN_TIME_AS_PERIOD": True}
    found = DateDataParser(settings=settings).get_date_data(text)
    return found.date_obj if found.period == "time" else None
