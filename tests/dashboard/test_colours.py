"""Colours: readers who see no red or no green tell the palette apart, and text is readable in both themes."""

import re
import tomllib
from itertools import combinations

import numpy as np
import pytest

from hotline12345.dashboard import chart_style, components
from hotline12345.dashboard.chart_style import GRID, IN_DARK, INK, MUTED, PALETTE, in_dark
from hotline12345.dashboard.labels import OTHER

# How linear RGB looks to somebody without one kind of cone, severity 1 (Machado, Oliveira and Fernandes 2009).
SEEN_BY = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
APART = 10.0  # CIE 1976 difference: about four times what the eye just notices
READABLE, VISIBLE = 4.5, 3.0  # WCAG contrast of text, and of marks


def linear(colour: str) -> np.ndarray:
    """`#rrggbb` as linear RGB."""
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB in CIELAB."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours, 1 to 21."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def themes(root) -> dict[str, dict[str, str]]:
    """The themes of the app's own settings."""
    said = tomllib.loads((root / "dashboard" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    return {name: said["theme"][name] for name in ("light", "dark")}


@pytest.fixture(scope="module")
def variables() -> dict[str, dict[str, str]]:
    """The style sheet's colours by theme."""
    text = components.STYLE.read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", text, flags=re.DOTALL)
    names = [dict(re.findall(r"--([a-z-]+):\s*([^;]+);", block)) for block in blocks]
    return dict(zip(("light", "dark"), names, strict=True))


@pytest.mark.parametrize("kind", SEEN_BY)
def test_the_palette_is_told_apart_without_a_kind_of_cone(kind):
    seen = {colour: lab(np.array(SEEN_BY[kind]) @ linear(colour)) for colour in (*PALETTE, MUTED)}
    close = {pair: np.linalg.norm(seen[pair[0]] - seen[pair[1]]) for pair in combinations(seen, 2)}
    assert {pair: round(found, 1) for pair, found in close.items() if found < APART} == {}


def test_red_beside_green_would_be_found():
    red, green = (lab(np.array(SEEN_BY["deuteranopia"]) @ linear(colour)) for colour in ("#b54a00", "#6b7a00"))
    assert np.linalg.norm(red - green) < APART


@pytest.mark.parametrize("name", ["light", "dark"])
def test_texts_are_readable_on_what_they_stand_on(themes, variables, name):
    page, own = themes[name]["backgroundColor"], variables[name]
    assert own["page"] == page
    pairs = [
        ("ink", "page"),
        ("soft", "page"),
        ("faint", "page"),
        ("link", "page"),
        ("ink", "panel"),
        ("soft", "panel"),
    ]
    pairs += [("blue-ink", "blue-tint"), ("amber-ink", "amber-tint"), ("faint", "panel")]
    poor = {pair: round(contrast(own[pair[0]], own[pair[1]]), 2) for pair in pairs}
    assert {pair: found for pair, found in poor.items() if found < READABLE} == {}
    assert contrast(themes[name]["textColor"], page) >= READABLE


def test_both_themes_name_the_same_colours(variables):
    assert set(variables["light"]) == set(variables["dark"])


def test_every_colour_of_the_style_sheet_is_a_variable():
    text = components.STYLE.read_text(encoding="utf-8")
    rules = re.sub(r":root \{.*?\}", "", text, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"@media print.*", "", rules, flags=re.DOTALL)) == []
    assert set(re.findall(r"var\(--([a-z-]+)\)", text)) <= set(re.findall(r"--([a-z-]+):", text))


def test_marks_show_in_dark(themes):
    page = themes["dark"]["backgroundColor"]
    assert {colour for colour in PALETTE if contrast(IN_DARK.get(colour, colour), page) < VISIBLE} == set()
    assert contrast(IN_DARK[INK], page) >= READABLE
    assert contrast(IN_DARK[GRID], page) < VISIBLE


def test_a_chart_in_dark_keeps_everything_but_its_neutral_colours():
    spec = {"mark": {"color": INK}, "range": [PALETTE[0], MUTED], "datasets": {"d": [{"name": "white", "n": 3}]}}
    assert in_dark(spec) == {
        "mark": {"color": IN_DARK[INK]},
        "range": [PALETTE[0], IN_DARK[MUTED]],
        "datasets": {"d": [{"name": "white", "n": 3}]},
    }


def test_what_is_not_named_stays_grey():
    assert chart_style.scale(["甲", OTHER]).to_dict()["range"] == [PALETTE[0], MUTED]
