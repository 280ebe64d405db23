"""What a server that makes pages all day does once.

Streamlit collects garbage, every generation of it, at the end of each rerun. After the imports that walk goes over a
quarter of a million objects of libraries that never go away and costs 130 ms, more than most pages; frozen, they are
passed by. Altair validates every part of a chart while it is put together and the finished chart once more; once is enough.
"""

import atexit
import gc
from functools import cache

from altair.utils import schemapi


@cache
def settle() -> None:
    """Freeze what was imported, and check finished charts only; call it when everything is imported."""
    schemapi.disable_debug_mode()
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
