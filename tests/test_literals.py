"""Values that a program is written with: read as they stand, and nothing that computes is taken for one."""

from __future__ import annotations

import time
from typing import Any

import pytest

from kwri_crawler.pages.literals import read_call


@pytest.mark.parametrize(
    ("program", "value"),
    [
        ('(function(){return {"a":[1,-2.5,1e3]}}());', {"a": [1, -2.5, 1000.0]}),
        ('(function(a,b){return {judul:a,isi:{"p-1":b},3:a}}("Kabar","Teks"))',
         {"judul": "Kabar", "isi": {"p-1": "Teks"}, "3": "Kabar"}),
        ("(function(a){return [!0,!1,void 0,null,undefined,a,,b]}(true))",
         [True, False, None, None, None, True, None, None]),
        ('(function(){return {d:new Date(1700000000000),e:new Date("2026-03-01"),f:Array(3)}}())',
         {"d": 1700000000000, "e": "2026-03-01", "f": []}),
        (r"""(function(){return ["\u003Cb\u003E \x41\n\"q\"",'it\'s',"\ud83d\ude00","\/"]}())""",
         ['<b> A\n"q"', "it's", "😀", "/"]),
        ('(function(a,b){a.judul="Kabar";b[0]=a;b[1]=a;return {satu:a,semua:b}}({},[]))',
         {"satu": {"judul": "Kabar"}, "semua": [{"judul": "Kabar"}, {"judul": "Kabar"}]}),
        ("(function ( a ) { return { a : a } ; } ( 1 ) )", {"a": 1}),
    ],
)  # fmt: skip
def test_what_a_call_returns_is_read(program: str, value: Any) -> None:
    assert read_call(program) == value


@pytest.mark.parametrize(
    "program",
    [
        "", "{}", "(function(a){return {a:a", "(function(a){return {a:a()}}(1))", "(function(a){return a.b}(1))",
        "(function(a){return {a:1+1}}(1))", "(function(a){alert(1);return {}}(1))", "(function(){}())",
        "(function(){return `x`}())", "(function(a){return /x/}(1))", '(function(){return {a:"x}}())',
        "(function(){return new Map([])}())", "(()=>({}))()",
    ],
)  # fmt: skip
def test_what_computes_or_is_cut_off_is_nothing(program: str) -> None:
    assert read_call(program) is None


def test_hostile_programs_are_read_in_time_and_space_that_their_size_allows() -> None:
    began = time.process_time()
    assert read_call("(function(a){return " + "[" * 100_000) is None
    assert read_call('(function(a){return {a:"' + "\\" * 2_000_000) is None
    assert read_call("(function(a){return [" + "a," * 1_000_000) is None
    assert read_call("(function(){return " + "9" * 2_000_000 + "}())") == float("inf")
    fill = "".join(f"{one}.x=[{','.join([other] * 9)}];" for one, other in ("ab", "bc", "cd", "da"))
    grown = read_call(f"(function(a,b,c,d){{{fill}return a}}({{}},{{}},{{}},{{}}))")
    assert str(grown).count("[") < 200_000, "what is passed in names itself"
    assert time.process_time() - began < 5
