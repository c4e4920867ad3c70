"""Pages that hold no article and send their reader on: which markup moves a page by itself, and which does not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kwri_crawler.items import Page
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.moved import moved_to
from kwri_crawler.pages.source import Source
from tests.archives import HOME, PORTAL

OLD, NEW = HOME + "lama/7", HOME + "desa/panen-jagung"
AT = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)


def page(head: str = "", body: str = "<body>Halaman ini telah pindah.</body>") -> Page:
    return Page(OLD, f"<html><head><title>Pindah</title>{head}</head>{body}</html>".encode(), "text/html", AT)


def script(text: str, body: str = "<body></body>") -> Page:
    return page(f"<script>{text}</script>", body)


@pytest.mark.parametrize(
    "moved",
    [
        page(f'<meta http-equiv="refresh" content="0; url={NEW}">'),
        page(f"<meta content=\"5;URL='{NEW}'\" http-equiv=REFRESH>"),
        page('<meta http-equiv="refresh" content="0;/desa/panen-jagung">'),
        page('<meta http-equiv="refresh" content="0.5, url=../desa/panen-jagung#isi">'),
        script(f'location = "{NEW}"'),
        script(f"window.location.href='{NEW}';"),
        script(f"top.location.replace( '{NEW}' )"),
        script('document.location.assign("/desa/panen-jagung")'),
        script(r'window.location="https:\/\/contoh.example\/desa\/panen-jagung"'),
        script(f"setTimeout(function(){{ location.href = '{NEW}' }}, 3000)"),
        script(f"setTimeout(\"location.href = '{NEW}'\", 3000)"),
        script(f"location.href = `{NEW}`"),
        script(f'window.open("{NEW}", "_self")'),
        script(f"$(location).attr('href', '{NEW}');"),
        page(body=f'<frameset rows="100%"><frame src="{NEW}"></frameset>'),
        page(body=f'<body><p>Kabar Desa</p><iframe src="{NEW}" width="100%" height="2000"></iframe></body>'),
        page(body=f'<body><iframe src="{NEW}"></iframe><iframe src="/hitung" width="1" height="1"></iframe></body>'),
        page(body=f'<body><iframe src="{NEW}"></iframe><iframe src="https://iklan.example/a"></iframe></body>'),
        page(body=f'<body><iframe data-src="{NEW}" src="about:blank"></iframe></body>'),
        page(body=f'<body><object type="text/html" data="{NEW}"></object></body>'),
        script(f"window.navigate('{NEW}')"),
        script(f'navigation.navigate("{NEW}");'),
        script("location.pathname = '/desa/panen-jagung'"),
        script(f"$(window).attr('location', '{NEW}')"),
        script(f"jQuery(document.location).prop('href', '{NEW}')"),
        script(f"""document.write('<meta http-equiv="refresh" content="0; url={NEW}">')"""),
        script(f"window['location'] = '{NEW}'"),
        script(f'window["location"].href = "{NEW}";'),
        script(f"window [ 'location' ] ['href'] = '{NEW}'"),
        script(f"window['location']['replace']('{NEW}')"),
        script(f"top['location'].assign('{NEW}')"),
        script("location.href = '/desa' + '/panen-jagung'"),
        script("location = window.location.origin + '/desa/' + 'panen-jagung'"),
        script("const baru = new URL('/desa/panen-jagung', location.origin); location.href = baru"),
        page(f'<base href="{HOME}desa/"><meta http-equiv="refresh" content="0; url=panen-jagung">'),
        script(f"var baru = '{NEW}'; window['location'] = baru"),
        script(f"var baru = '{NEW}'; window.location.href = baru;"),
        script(f"const baru = '{NEW}'\nlocation.replace(baru)"),
        script(f"window.onload = () => {{ location = '{NEW}' }}"),
        script(f"function pindah() {{ location = '{NEW}' }} pindah();"),
        script(f"function pindah() {{ location = '{NEW}' }} setTimeout(pindah, 500);"),
        script(f"function pindah() {{ location = '{NEW}' }}", '<body onload="pindah()"></body>'),
        page(body=f"<body onload=\"location.href='{NEW}'\"></body>"),
        page(f'<link rel="canonical" href="{NEW}">'),
    ],
)
def test_a_page_that_sends_its_reader_on_says_where_with_its_refusal(moved: Page) -> None:
    with pytest.raises(PageError) as error:
        read_page(moved, replace(PORTAL, family="general"))
    assert error.value.leads_to == NEW


@pytest.mark.parametrize(
    "stays",
    [
        page(),
        page('<meta http-equiv="refresh" content="300">'),
        page(f'<meta http-equiv="refresh" content="300; url={NEW}">'),
        page(f'<meta http-equiv="refresh" content="0; url={OLD}">'),
        page('<meta http-equiv="refresh" content="0; url=javascript:history.back()">'),
        page(f'<meta http-equiv="content-type" content="0; url={NEW}">'),
        page(f'<noscript><meta http-equiv="refresh" content="0; url={NEW}"></noscript>'),
        page(f'<link rel="canonical" href="{OLD}/">'),
        page(f'<link rel="canonical" href="{HOME}">'),
        page('<link rel="canonical" href="https://lain.example/desa/panen">'),
        page('<base href="mailto:"><meta http-equiv="refresh" content="0; url=7">'),
        script(f"function bagikan() {{ location = '{NEW}' }}"),
        script("location.replace('/desa/' +nomor)"),
        script("var akar = '/desa'; location = akar + '/panen'"),
        script(f"function bagikan() {{ location = '{NEW}' }}", '<body><a onclick="bagikan()">Bagikan</a></body>'),
        script(f"tombol.onclick = function () {{ location = '{NEW}' }}"),
        script(f"tombol.addEventListener('click', () => {{ location = '{NEW}' }})"),
        script(f"if (screen.width < 700) {{ location = '{NEW}' }}"),
        script(f"if (location.href == '{NEW}') {{}}"),
        script("location = baru"),
        script(f'window.open("{NEW}", "_blank")'),
        script(f'window.open("{NEW}")'),
        script(f"tombol.onclick = () => window.open('{NEW}', '_self')"),
        page(body=f'<frameset cols="20%,80%"><frame src="/menu"><frame src="{NEW}"></frameset>'),
        script(f"var isi = {{'location': '{NEW}'}}; tulis(isi['location'])"),
        page(body=f'<body><iframe src="{NEW}"></iframe><iframe src="/desa/lain"></iframe></body>'),
        page(body='<body><iframe src="https://lain.example/desa/panen"></iframe></body>'),
        page(body=f'<body><iframe src="{NEW}/embed/#?secret=a" class="wp-embedded-content"></iframe></body>'),
        page(body=f'<body><iframe src="{NEW}" style="display: none"></iframe></body>'),
        page(body=f'<body><iframe src="{NEW}" width=1 height=1></iframe></body>'),
        page(body=f'<body>{"Warga memilih kepala desa. " * 30}<iframe src="{NEW}"></iframe></body>'),
        script(f"peta.navigate('{NEW}')"),
        script("window.navigate('/desa/' + nomor)"),
        script("if (location.pathname == '/lama/7') {}"),
        script(f"if (window['location'] == '{NEW}') {{}}"),
        script("window['location'] = '/desa' + nomor"),
        script("location = '#isi'"),
        script("/* " + "x" * 5_000 + f" */ location = '{NEW}'"),
        page(f'<script src="a.js">location = "{NEW}"</script>'),
    ],
)
def test_what_waits_for_a_click_or_a_condition_or_names_itself_is_no_move(stays: Page) -> None:
    assert moved_to(Source.of(stays)) is None


@pytest.mark.parametrize("text", ["location" + " " * 1_000_000, "function " * 120_000, "location='" + "x" * 1_000_000])
def test_a_huge_script_takes_no_time(text: str) -> None:
    assert moved_to(Source.of(script(text))) is None


def test_a_page_with_an_article_stays_whatever_its_markup_does() -> None:
    text = "".join(
        f"<p>Petani jagung di desa nomor {part} memanen lebih awal karena hujan turun.</p>" for part in range(6)
    )
    article = page(
        f'<meta http-equiv="refresh" content="0; url={NEW}">', f"<body><article><h1>Panen</h1>{text}</article>"
    )
    assert read_page(article, replace(PORTAL, family="general")).url == OLD
