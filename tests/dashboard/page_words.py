"""What a page says, as one string."""

import re

from streamlit.testing.v1 import AppTest


def words(page: AppTest) -> str:
    """Everything a page says, markup included but for what keeps dates on one line, in one string."""
    kinds = (page.title, page.subheader, page.html, page.markdown, page.caption, page.info)
    said = [str(element.value if hasattr(element, "value") else element.body) for kind in kinds for element in kind]
    said += [f"{metric.label} {metric.value} {metric.delta}" for metric in page.metric]
    said += [tab.label for tab in page.tabs] + [button.label for button in page.button]
    return re.sub(r'<span class="date">(.*?)</span>', r"\1", "\n".join(said))
