"""Charts as pictures for documents: Altair in, PNG out, drawn on this computer without any network."""

from functools import cache

import vl_convert

from hotline12345.dashboard.chart_style import FONT, Drawn

NO_FONT = "本机没有中文字体（如 Noto Sans CJK SC），趋势图没有画出；逐月件数见下表和随附的工作簿。"
_PIXELS_PER_INCH = 200


def png(drawn: Drawn, width: int) -> bytes | None:
    """The chart as a PNG, `width` in pixels of the chart's own scale; None where no Chinese font is installed."""
    if not has_chinese_font():
        return None
    drawing = drawn.properties(width=width).to_dict()
    drawing["config"]["background"] = "white"
    return vl_convert.vegalite_to_png(drawing, ppi=_PIXELS_PER_INCH, allowed_base_urls=[])


@cache
def has_chinese_font() -> bool:
    """Whether two Chinese characters look different here: without a font both are the same box, or nothing."""
    return _written("诉") != _written("求")


def _written(text: str) -> bytes:
    return vl_convert.svg_to_png(
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
        f'<text font-family="{FONT}" x="0" y="16" font-size="16">{text}</text></svg>'
    )
