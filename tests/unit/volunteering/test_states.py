"""The state tables are drawn as they are."""

from scripts.draw_states import PAGE, page, tables


def test_the_page_of_states_is_what_the_tables_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m scripts.draw_states"


def test_every_noun_with_states_is_drawn() -> None:
    assert [table.noun for table in tables()] == [
        "agreement",
        "credential",
        "hours",
        "meeting",
        "need",
        "offer",
        "placement",
        "plan run",
        "referral",
        "rights request",
        "risk assessment",
        "volunteer",
    ]
