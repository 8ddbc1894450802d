"""What has not followed, in a real browser: each new kind of alert at a desk and on a phone; two people close one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.services.keep_rules import keep_rules
from tests.e2e.browser import Browser
from tests.e2e.serving import served
from tests.integration.web.following import Story, tell
from tests.partnership import default_pack

RULES = (
    "injury_to_baby_not_mobile",
    "action_not_done",
    "not_known",
    "contact_kept_with_one_and_not_with_another",
)


@pytest.fixture
def story(database_url: str) -> Iterator[Story]:
    told = Story(database_url)
    tell(told)
    keep_rules(told.worker, lambda _: default_pack(), os.urandom)
    yield told
    told.close()


@pytest.fixture
def site(story: Story) -> Iterator[str]:
    """The pages on a spare port of this machine."""
    with served(story.app) as address:
        yield address


def sign_in(browser: Browser, site: str, story: Story, person: str) -> None:
    browser.open(f"{site}/sign-in/{story.link(person)}")
    browser.press("main button")


def test_each_new_kind_fits_a_desk_and_a_phone(browser: Browser, site: str, story: Story, tmp_path: Path) -> None:
    """No sideways scrolling, one main heading, nothing too small to press, no complaint; and none shows JSON."""
    alerts = {alert["finding"]["rule"]: alert["id"] for alert in story.alerts()}
    sign_in(browser, site, story, "sw1")
    for width in (1100, 360):
        browser.size(width, 740)
        for page in (
            "/",
            "/rules",
            *(f"/alerts/{alerts[rule]}" for rule in RULES),
            f"/children/{story.record}/chronology",
        ):
            browser.open(f"{site}{page}")
            browser.shoot(tmp_path / f"{page.strip('/').replace('/', '-') or 'alerts'}-{width}.png")
            assert browser.ask("document.documentElement.scrollWidth") == width
            assert browser.ask("document.querySelectorAll('h1').length") == 1
            shown = "[...document.querySelectorAll('button, summary')].filter(b => b.checkVisibility())"
            assert browser.ask(f"{shown}.filter(b => b.getBoundingClientRect().height < 24).length") == 0
            assert "{" not in browser.text()
    assert browser.complaints == []


def test_two_people_close_it_by_mouse(browser: Browser, site: str, story: Story) -> None:
    """One records what it came to and is asked for no more; a colleague finds it on their list and closes it."""
    alert = next(one["id"] for one in story.alerts() if one["finding"]["rule"] == RULES[0])
    for person, said in (("sw1", "a second person is needed"), ("tm1", "closes in a moment")):
        sign_in(browser, site, story, person)
        assert "No referral recorded" in browser.text()
        browser.open(f"{site}/alerts/{alert}")
        browser.ask("document.querySelector('#conclude').closest('details').open = true")
        browser.ask("document.querySelector('#outcome').checked = true")
        browser.type("#reason", "Rang the duty desk: referred and seen.")
        browser.press("#conclude button")
        assert said in browser.text()
        assert not browser.ask("document.querySelector('#conclude') !== null")
        story.detect()
        browser.press(".ledger-header__button")
    assert not any(one["id"] == alert for one in story.alerts())
