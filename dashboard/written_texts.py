"""What people may write into records: no numbers of telephones or identity cards. Pure."""

import re
import unicodedata

#: Mobile and identity card numbers, which stand alone: a number inside an order id is none.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:1[2-9][0-9](?:[ -]?[0-9]{4}){2}|[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx])(?![0-9])"
)


def has_personal_number(text: str) -> bool:
    """Whether a text holds a number of a mobile telephone or an identity card, also in full-width characters."""
    return bool(_PERSONAL.search(unicodedata.normalize("NFKC", text)))
