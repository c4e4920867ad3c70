"""Messages to people: what arrives, what a broken host costs, and that no word of an address is ever logged."""

from __future__ import annotations

import logging
import time

import pytest
from scrapy.settings import Settings

from kwri_crawler.archive.alerts import Digest, Story
from kwri_crawler.notify import messages
from kwri_crawler.notify.digests import MOST_STORIES, write_digest
from kwri_crawler.notify.messages import AddressError
from tests.receivers import FAULTS, SECRET, Fault, drip_body, host, mail_server, webhook

pytest.importorskip("apprise", reason="apprise is not installed: pip install 'kwri-crawler[desk]'")

TEXT = 'Judul <b>tebal</b> & "kutipan"\n   https://a.example/x?a=1&b=2\n'


def test_a_mail_server_gets_the_text_as_it_was_written() -> None:
    with mail_server() as (at, mails):
        address = f"mailto://{at}?from=desk@contoh.example&to=kabid@contoh.example"
        assert messages.send(address, "Pantauan: “kebakaran”", TEXT) is None
    (mail,) = mails
    assert (mail["Subject"], mail["To"]) == ("Pantauan: “kebakaran”", "kabid@contoh.example")
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == TEXT.splitlines()


def test_a_webhook_gets_title_and_text() -> None:
    with webhook() as hook:
        assert messages.send(hook.url, "Judul", TEXT) is None
    (post,) = hook.posts
    assert (post["title"], post["message"]) == ("Judul", TEXT.rstrip())


ANSWERS: dict[str, tuple[Fault, str]] = {
    "an error": (FAULTS["an error"], "HTTP 503"),
    "no HTTP": (FAULTS["no HTTP"], "no connection, or not accepted"),
    "nothing": (FAULTS["nothing"], "no connection, or not accepted"),
    "drips": (drip_body, "no answer in time"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_whatever_a_host_answers_the_reason_is_said_in_bounded_time_and_no_secret_is_logged(
    kind: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "SEND_TIMEOUT_S", 0.7)
    answer, said = ANSWERS[kind]
    began = time.monotonic()
    with caplog.at_level(1), host(answer) as url:
        assert messages.send(url.replace("http://", "json://"), "t", "x") == said
    assert time.monotonic() - began < 10
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        f"json://user:{SECRET}@127.0.0.1:9/{SECRET}?token={SECRET}",
        f"form://127.0.0.1:9/send?+Authorization={SECRET}&:message=message&:target=62",
        f"ntfy://127.0.0.1:9/{SECRET}",
        f"mailto://user:{SECRET}@127.0.0.1:9?from=a@contoh.example&to={SECRET}@contoh.example",
        f"tgram://{SECRET}",
        f"kirim ke pak {SECRET}",
        SECRET,
    ],
)
def test_no_word_of_an_address_is_logged_at_any_level(
    address: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(1):
        failed = messages.send(address, "t", "x")
        with pytest.raises(AddressError) as refused:
            messages.check({"wa": address}, ["wa" if "understand" in str(failed) else "tidak-ada"])
    told = (str(failed), messages.label("wa", address), str(refused.value), caplog.text, *capfd.readouterr())
    assert failed
    assert not [text for text in told if SECRET in text]


def test_a_label_names_the_host_only_where_it_is_no_token() -> None:
    named = [
        messages.label("x", f"{kind}://{SECRET}@tempat.example/x") for kind in ("jsons", "mailto", "slack", "tgram")
    ]
    assert named == ["x (tempat.example)", "x (tempat.example)", "x (slack)", "x (tgram)"]
    assert messages.label("x", "json://[rusak") == "x"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("json://a.example/x?kembali=http://b.example", "a.example"),
        ("Rahasia77", ""),  # a token where an address should be
        ("rahasia 77://a.example", ""),
        ("://a.example", ""),
        ("SLACK://rahasia", "slack"),
    ],
)
def test_of_an_address_only_its_kind_or_host_is_shown(address: str, shown: str) -> None:
    assert messages.place(address) == shown


def test_an_address_that_nobody_understands_is_not_sent_to() -> None:
    assert messages.send("kirim ke pak lurah", "t", "x") == "apprise does not understand the address"


def test_a_server_that_lets_strangers_wait_is_waited_for() -> None:
    assert 20 <= messages.WAIT_S < messages.SEND_TIMEOUT_S, "a mail server may take 20 s to greet"
    for address, waits in (("json://a.example", (20, 20)), ("json://a.example?rto=2&cto=3", (3, 2))):
        service = messages._service(address)
        assert service is not None
        assert service.request_timeout == waits


@pytest.mark.parametrize(
    ("notify", "lang", "said"),
    [
        ({"mail box": "json://a.example"}, "id", "letters, digits"),
        ({"mail": ""}, "id", "must be a text"),
        ({"mail": 5}, "id", "must be a text"),
        ("tanpa tanda", "id", "not a table"),
        ({"mail": "json://a.example"}, "de", "write id or en"),
    ],
)
def test_a_wrong_setting_is_named(notify: object, lang: str, said: str) -> None:
    with pytest.raises(AddressError, match=said):
        messages.addresses_of(Settings({"NOTIFY": notify, "NOTIFY_LANG": lang}))


def test_a_name_that_was_mistyped_is_named() -> None:
    with pytest.raises(AddressError, match="did you mean kabid"):
        messages.check({"kabid": "json://a.example"}, ["kabit"])
    messages.check({"kabid": "json://a.example", "rusak": "apa"}, ["kabid"])


def a_story(number: int, **changes: object) -> Story:
    story = Story(number, f"Judul {number}", f"https://a.example/{number}", "Portal", "2024-06-27 14:10", 1, None)
    return story._replace(**changes)  # type: ignore[arg-type]


def test_a_digest_says_who_ran_what_when_and_how_many_others_did() -> None:
    stories = (a_story(1, portals=3), a_story(2, portals=6, portals_before=1), a_story(3, published=None))
    assert write_digest(Digest("api", "kebakaran", "wa", stories), "id") == (
        "api: 3 cerita",
        "Pantauan: kebakaran\n\n"
        "1. Judul 1\n   Portal; 2024-06-27 14:10; di 3 portal\n   https://a.example/1\n\n"
        "2. Judul 2\n   Portal; 2024-06-27 14:10; kini di 6 portal, sebelumnya 1\n   https://a.example/2\n\n"
        "3. Judul 3\n   Portal\n   https://a.example/3\n",
    )
    assert write_digest(Digest("api", "x", "wa", stories[:1]), "en", is_test=True)[0] == "[test] api: 1 story"


def test_a_digest_holds_twenty_stories_and_counts_the_others() -> None:
    _, text = write_digest(Digest("api", "x", "wa", tuple(map(a_story, range(MOST_STORIES + 2)))), "en")
    assert text.count("https://") == MOST_STORIES == 20
    assert text.endswith("\n\nand 2 more\n")


def test_a_hostile_headline_stays_on_its_line_and_is_no_markup() -> None:
    title = "@everyone <!channel> <a href=x>\n2. Palsu\x1b[2J\u202e" + "x" * 500
    _, text = write_digest(Digest("api", "x", "wa", (a_story(1, title=title, url="javascript:alert(1)"),)), "id")
    lines = text.splitlines()
    assert len(lines) == 4
    assert not set("@<>\x1b\u202e") & set(text)
    assert len(lines[2]) < 320
    assert "javascript" not in text


def test_apprise_is_silent_and_prints_nothing_either(capfd: pytest.CaptureFixture[str]) -> None:
    messages.send("json://127.0.0.1:9/x", "t", "x")
    logging.getLogger("apprise").warning("rahasia")
    assert capfd.readouterr() == ("", "")
