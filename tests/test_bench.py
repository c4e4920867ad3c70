"""What `make bench` measures with: texts of the length asked for, and the memory of a crawl with all its processes."""

from __future__ import annotations

import statistics
import subprocess
import sys

import pytest

from tests.bench.run import memory_mb
from tests.sites.generated import WORDS, generate


@pytest.mark.parametrize("words", [WORDS, 660])
def test_generated_texts_have_the_words_asked_for_on_average(words: int) -> None:
    texts = [" ".join(map(str, article.paragraphs)).split() for article in generate(1_000, words=words)]
    assert statistics.mean(map(len, texts)) == pytest.approx(words, rel=0.03)


def test_memory_is_that_of_a_process_and_of_those_that_it_started() -> None:
    hold = "held = b'x' * (40 << 20); print(flush=True); input()"
    code = (
        "import subprocess, sys; held = b'x' * (40 << 20);"
        f'child = subprocess.Popen([sys.executable, "-c", {hold!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE);'
        "child.stdout.readline(); print(flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        in_use = memory_mb(parent.pid)
    assert 80 < in_use < 120
    assert memory_mb(parent.pid) == 0, "it has ended"
