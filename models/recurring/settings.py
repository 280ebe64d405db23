"""The numbers of the miner. All weights and thresholds are proposals, to be argued about and changed here only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MiningSettings:
    """Parameters of `mine`.

    Text: only the first `body_length` characters of a body are read; a word of the title counts `title_weight` times
    a word of the body; a vector keeps its `vector_size` heaviest words; a word must occur in `min_document_count`
    orders and at most in `max_document_share` of them. The order's topic counts as a word of weight `topic_weight`.

    Grouping: orders stay together while their mean cosine is at least `event_cohesion` (inside one place) or
    `theme_cohesion` (across places); an order joins a group when its cosine to the group's centre is at least
    `event_membership` / `theme_membership`; themes whose centres are `theme_merging` alike are one. A block above
    `block_size` orders is clustered on that many of them, the rest joins the centres.

    Issues: fewer than `min_event_people` / `min_theme_people` distinct people, or fewer than `min_theme_places` places,
    make no issue. A theme with more than `max_place_share` of its people in one place is that place's event. An event
    is evidence of a theme (its parent) when `parent_share` of its orders are there, and does not stand in the list
    of its own before all others unless it has `standout` times the people of the theme's mean place.

    Score (0-100): weighted mean of five parts, each 100 x / (x + half): people; months; breadth (units or places,
    whichever are more); density (people per place beyond the first); difficulty (by how many standard deviations the
    unsettled orders exceed the usual share, 0 where they do not). A part that cannot be known is left out of the mean:
    breadth and density of one place, difficulty without outcomes, months without times.
    """

    body_length: int = 300
    title_weight: float = 2.0
    vector_size: int = 40
    min_document_count: int = 2
    max_document_share: float = 0.2
    topic_weight: float = 1.0

    event_cohesion: float = 0.12
    event_membership: float = 0.20
    theme_cohesion: float = 0.20
    theme_membership: float = 0.30
    theme_merging: float = 0.45
    keywords_per_order: int = 3
    block_size: int = 500
    max_theme_cores: int = 2000

    min_event_people: int = 3
    min_theme_people: int = 5
    min_theme_places: int = 3
    max_place_share: float = 0.5
    parent_share: float = 0.5
    standout: float = 3.0

    people_weight: float = 0.30
    months_weight: float = 0.10
    breadth_weight: float = 0.10
    density_weight: float = 0.10
    difficulty_weight: float = 0.40
    people_half: float = 15.0
    months_half: float = 3.0
    breadth_half: float = 5.0
    density_half: float = 5.0
    difficulty_half: float = 2.0
