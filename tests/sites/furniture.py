"""All that stands around an article on a Varient page: head, navigation, side column, footer; 40 KB and more, as on real portals."""
# ruff: noqa: E501 - markup as the CMS prints it

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from typing import NamedTuple

from tests.sites.corpus import SECTIONS, DemoArticle, slug_of

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SITE_NAME = "KWRI Jawa Timur"
SITE_TITLE = "KWRI Jawa Timur - Kabar Wartawan Daerah"
LIST_TITLE_LENGTH = 55
ZONE = "+0700"

_NETWORKS = (
    ("facebook", "https://www.facebook.com/sharer/sharer.php?u=", "M16 8a8 8 0 1 0-9.25 7.9v-5.59H4.72V8h2.03V6.24c0-2 1.2-3.12 3-3.12z"),
    ("twitter", "https://twitter.com/share?url=", "M5.03 15c6.03 0 9.33-5 9.33-9.33 0-.14 0-.28-.01-.42A6.7 6.7 0 0 0 16 3.54z"),
    ("whatsapp", "https://api.whatsapp.com/send?text=", "M13.6 2.33A7.85 7.85 0 0 0 8 0a7.93 7.93 0 0 0-6.87 11.9L0 16l4.2-1.1z"),
    ("telegram", "https://t.me/share/url?url=", "M16 8A8 8 0 1 1 0 8a8 8 0 0 1 16 0M8.29 5.9q-1.17.49-4.67 2.01z"),
    ("linkedin", "https://www.linkedin.com/shareArticle?mini=true&url=", "M0 1.15C0 .51.53 0 1.18 0h13.64c.65 0 1.18.51 1.18 1.15z"),
    ("pinterest", "https://pinterest.com/pin/create/button/?url=", "M8 0a8 8 0 0 0-2.92 15.45c-.07-.63-.13-1.6.03-2.3z"),
)  # fmt: skip


class Post(NamedTuple):
    """One article as the portal's database holds it."""

    id: int
    article: DemoArticle


def shown_day(moment: datetime, padded: bool = False) -> str:
    """Write PHP's `M j, Y`; Varient 3 pads the day."""
    return (
        f"{MONTHS[moment.month - 1]} {moment.day:02d}, {moment.year}"
        if padded
        else f"{MONTHS[moment.month - 1]} {moment.day}, {moment.year}"
    )


def cut(text: str, length: int = LIST_TITLE_LENGTH) -> str:
    return text if len(text) <= length else text[:length].rstrip() + "..."


def image_of(article: DemoArticle, size: str = "750x") -> str:
    return f"uploads/images/{article.created_at:%Y%m}/image_{size}_{slug_of(article.image)}.jpg"


def style_of(post: Post) -> int:
    return post.id % 4


def asset_tags(base: str, folder: str, version: str) -> str:
    """Return the style sheets and icons, and the inline style with the colours that the operator chose."""
    root = f"{base}/assets/themes/{folder}"
    rules = "".join(
        f".category-{slug_of(name)}, .nav > li > a[data-c='{slug_of(name)}']:hover {{ background-color: {colour} !important; border-color: {colour}; }}\n"
        f".widget-title.{slug_of(name)} .title::before {{ background: linear-gradient(90deg, {colour} 0%, rgba(255,255,255,.08) 100%); height: 3px; }}\n"
        for name, colour in SECTIONS.items()
    )
    return f"""<link rel="shortcut icon" type="image/png" href="{base}/uploads/logo/favicon.png"/>
<link href="https://fonts.googleapis.com/css?family=Open+Sans:300,400,600,700&display=swap" rel="stylesheet">
<link href="{root}/css/bootstrap.min.css" rel="stylesheet"/>
<link href="{base}/assets/vendor/font-icons/css/font-icon-2.2.min.css" rel="stylesheet"/>
<link href="{root}/css/plugins-{version}.css" rel="stylesheet"/>
<link href="{root}/css/style-{version}.min.css" rel="stylesheet"/>
<style>:root {{--vr-font-primary: "Open Sans", Helvetica, sans-serif; --vr-theme-color: #b80000; --vr-block-color: #161616; --vr-mega-menu-color: #f9f9f9;}}
.bn-ds-1 {{width: 728px; height: 90px;}} .bn-mb-1 {{width: 300px; height: 250px;}} .bn-ds-2 {{width: 728px; height: 90px;}} .bn-mb-2 {{width: 300px; height: 250px;}}
{rules}</style>
<script>var VrConfig = {{baseURL: '{base}', csrfTokenName: 'csrf_test_name', authCheck: 0, sysLangId: 1, isRecaptchaEnabled: 0, categorySliderIds: [], textOk: "Ok", textCancel: "Cancel", textCorrectAnswer: "Correct Answer", textWrongAnswer: "Wrong Answer"}};</script>"""


def organization(base: str) -> str:
    """Return the first JSON-LD script, which is the same on every page."""
    data = [
        {"@context": "http://schema.org", "@type": "Organization", "url": base, "logo": {"@type": "ImageObject", "width": 190, "height": 60, "url": f"{base}/uploads/logo/logo.png"}},
        {"@context": "http://schema.org", "@type": "WebSite", "url": base, "potentialAction": {"@type": "SearchAction", "target": f"{base}/search?q={{search_term_string}}", "query-input": "required name=search_term_string"}},
    ]  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def navigation(base: str, newest: list[Post]) -> str:
    """Return the top bar and the menu, whose drop-downs hold each section's newest posts."""
    sections = []
    for name in SECTIONS:
        slug = slug_of(name)
        posts = [post for post in newest if post.article.section == name][:3]
        items = "".join(
            f"""
<div class="col-sm-3 menu-post-item width25"><div class="post-item-image"><a href="{base}/{post.article.slug}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src="{base}/{image_of(post.article, "370x227")}" alt="{escape(post.article.title)}" class="lazyload img-post" width="370" height="227"></a></div>
<h3 class="title"><a href="{base}/{post.article.slug}">{escape(cut(post.article.title, 45))}</a></h3><p class="post-meta"><a href="{base}/profile/{slug_of(post.article.author)}">{escape(post.article.author)}</a><span>{shown_day(post.article.created_at)}</span><span><i class="icon-comment"></i>0</span><span class="m-r-0"><i class="icon-eye"></i>{post.id * 37 % 900}</span></p></div>"""
            for post in posts
        )
        sections.append(
            f'<li class="dropdown megamenu-fw mega-li-{slug}"><a href="{base}/{slug}" class="dropdown-toggle disabled" data-c="{slug}" data-toggle="dropdown" role="button" aria-expanded="false">{escape(name)}<span class="caret"></span></a>'
            f'<ul class="dropdown-menu megamenu-content dropdown-top" role="menu" data-mega-ul="{slug}"><li><div class="sub-menu-right single-sub-menu"><div class="row row-menu-right">{items}</div></div></li></ul></li>'
        )
    plain = "".join(
        f'<li class="nav-item"><a href="{base}/{slug_of(name)}" class="nav-link">{escape(name)}</a></li>'
        for name in SECTIONS
    )
    return f"""<header id="header"><div class="top-bar"><div class="container"><div class="col-sm-12"><div class="row"><ul class="top-menu top-menu-left"><li><a href="{base}/kontak">Contact</a></li><li><a href="{base}/gallery">Gallery</a></li><li><a href="{base}/redaksi">Redaksi</a></li></ul><ul class="top-menu top-menu-right"><li class="top-li-auth"><a href="#" data-toggle="modal" data-target="#modal-login" class="btn_open_login_modal">Login</a><span>/</span></li><li class="top-li-auth"><a href="{base}/register">Register</a></li></ul></div></div></div></div>
<div class="logo-banner"><div class="container"><div class="col-sm-12"><div class="row"><div class="left"><a href="{base}/"><img src="{base}/uploads/logo/logo.png" alt="logo" class="logo" width="190" height="60"></a></div><div class="right"><div class="pull-right"><div class="bn-content"><div class="bn-inner bn-ds-6"><ins class="adsbygoogle" data-ad-client="ca-pub-0000000000000000" data-ad-slot="000001"></ins></div></div></div></div></div></div></div></div>
<nav class="navbar navbar-default main-menu megamenu"><div class="container"><div class="collapse navbar-collapse"><div class="row"><ul class="nav navbar-nav"><li class="active"><a href="{base}/">Home</a></li>{"".join(sections)}</ul><ul class="nav navbar-nav navbar-right"><li class="li-search"><a class="search-icon"><i class="icon-search"></i></a><div class="search-form"><form action="{base}/search" method="get"><input type="text" name="q" maxlength="300" pattern=".*\\S+.*" class="form-control form-input" placeholder="Search..." required><button class="btn btn-default"><i class="icon-search"></i></button></form></div></li></ul></div></div></div></nav>
<div class="mobile-nav-container"><div id="navMobile" class="nav-mobile"><div class="nav-mobile-inner"><ul class="navbar-nav"><li class="nav-item"><a href="{base}/" class="nav-link">Home</a></li>{plain}</ul></div></div></div></header>
<div id="overlay_bg" class="overlay-bg"></div>"""


def share_buttons(url: str, cls: str) -> str:
    buttons = "".join(
        f"""<li><a href="javascript:void(0)" onclick="window.open('{link}{url}', 'Share This Post', 'width=640,height=450');return false" class="social-btn-lg {name}"><svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" fill="currentColor" class="bi bi-{name}" viewBox="0 0 16 16"><path d="{path}"/></svg><span>{name.capitalize()}</span></a></li>"""
        for name, link, path in _NETWORKS
    )
    return f'<div class="{cls}"><ul class="share-box">{buttons}</ul></div>'


def small_item(base: str, post: Post, number: int = 0) -> str:
    """Return an item of the side column or the footer."""
    article = post.article
    mark = f'<span class="post-number">{number}</span>' if number else ""
    return f"""
<div class="tbl-container post-item-small"><div class="tbl-cell left"><div class="post-item-image">{mark}<a href="{base}/{article.slug}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src="{base}/{image_of(article, "140x98")}" alt="{escape(article.title)}" class="img-responsive lazyload" width="130" height="91"/></a></div></div><div class="tbl-cell right"><h3 class="title"><a href="{base}/{article.slug}">{escape(cut(article.title))}</a></h3><p class="small-post-meta"><a href="{base}/profile/{slug_of(article.author)}">{escape(article.author)}</a><span>{shown_day(article.created_at)}</span><span><i class="icon-comment"></i>0</span></p></div></div>"""


def side_column(base: str, newest: list[Post], tags: list[str]) -> str:
    """Return the widgets: popular posts of week, month and all time, recommended posts, tags, a poll."""
    tabs = ""
    for name, step in (("week", 3), ("month", 5), ("all", 7)):
        chosen = newest[:: step * 2][:5]
        items = "".join(f"<li>{small_item(base, post, number)}</li>" for number, post in enumerate(chosen, 1))
        tabs += f'<div id="tab_popular_posts_response_{name}" role="tabpanel" class="tab-pane"><ul class="popular-posts">{items}</ul></div>'
    recommended = "".join(f"<li>{small_item(base, post)}</li>" for post in newest[2::11][:4])
    cloud = "".join(f'<li><a href="{base}/tag/{slug_of(tag)}">{escape(tag)}</a></li>' for tag in tags[:15])
    counts = "".join(
        f'<li><a href="{base}/{slug_of(name)}"><span>{escape(name)}</span><span class="count">({sum(p.article.section == name for p in newest)})</span></a></li>'
        for name in SECTIONS
    )
    return f"""<div class="row"><div class="col-sm-12"><div class="sidebar-widget widget-popular-posts"><div class="widget-head"><h4 class="title">Popular Posts</h4></div><div class="widget-body"><ul class="nav nav-tabs"><li class="active"><a class="btn-nav-tab" data-toggle="tab" data-date-type="week">This Week</a></li><li><a class="btn-nav-tab" data-toggle="tab" data-date-type="month">This Month</a></li><li><a class="btn-nav-tab" data-toggle="tab" data-date-type="year">All Time</a></li></ul><div class="tab-content">{tabs}</div></div></div></div></div>
<div class="row"><div class="col-sm-12"><div class="sidebar-widget"><div class="widget-head"><h4 class="title">Follow Us</h4></div><div class="widget-body widget-follow"><ul><li><a class="facebook" href="https://www.facebook.com/contoh" target="_blank"><i class="icon-facebook"></i><span>Facebook</span></a></li><li><a class="youtube" href="https://www.youtube.com/contoh" target="_blank"><i class="icon-youtube"></i><span>YouTube</span></a></li></ul></div></div></div></div>
<div class="row"><div class="col-sm-12"><div class="sidebar-widget"><div class="widget-head"><h4 class="title">Recommended Posts</h4></div><div class="widget-body"><ul class="recommended-posts">{recommended}</ul></div></div></div></div>
<div class="row"><div class="col-sm-12"><div class="sidebar-widget"><div class="widget-head"><h4 class="title">Categories</h4></div><div class="widget-body"><ul class="widget-list w-category-list">{counts}</ul></div></div></div></div>
<div class="row"><div class="col-sm-12"><div class="sidebar-widget"><div class="widget-head"><h4 class="title">Popular Tags</h4></div><div class="widget-body"><ul class="tag-list">{cloud}</ul></div></div></div></div>
<div class="row"><div class="col-sm-12"><div class="sidebar-widget widget-poll"><div class="widget-head"><h4 class="title">Voting Poll</h4></div><div class="widget-body"><div class="poll"><h5 class="title">Dari mana Anda paling sering membaca berita daerah?</h5><form data-form-id="1" class="poll-form" method="post"><input type="hidden" name="poll_id" value="1"><div class="option"><input type="radio" name="option" id="option1-1" value="option1"><label for="option1-1"><span>Portal berita</span></label></div><div class="option"><input type="radio" name="option" id="option1-2" value="option2"><label for="option1-2"><span>Media sosial</span></label></div><button type="submit" class="btn btn-sm btn-custom">Vote</button></form></div></div></div></div></div>"""


def footer(base: str, newest: list[Post]) -> str:
    latest = "".join(small_item(base, post) for post in newest[:3])
    return f"""<footer id="footer"><div class="container"><div class="row footer-widgets"><div class="col-sm-4 col-xs-12"><div class="footer-widget f-widget-about"><div class="col-sm-12"><div class="row"><h4 class="title">About</h4><div class="title-line"></div><p>Portal demonstrasi ini berisi berita rekaan untuk pengujian. Semua nama dan peristiwa di dalamnya, selain contoh dari pengguna, adalah karangan.</p></div></div></div></div>
<div class="col-sm-4 col-xs-12"><div class="footer-widget f-widget-random"><h4 class="title">Latest Posts</h4><div class="title-line"></div><div class="f-random-list">{latest}</div></div></div>
<div class="col-sm-4 col-xs-12"><div class="footer-widget f-widget-follow"><h4 class="title">Social Media</h4></div><div class="newsletter"><h5 class="title">Subscribe here to get interesting stuff and updates!</h5><form id="form_newsletter_footer" class="form-newsletter"><input type="email" name="email" class="newsletter-input" maxlength="199" placeholder="Email Address"><button type="submit" name="submit" value="form" class="newsletter-button">Subscribe</button></form></div></div></div>
<div class="footer-bottom"><div class="container"><div class="footer-bottom-left"><p>Copyright 2024 {SITE_NAME} - All Rights Reserved.</p></div><div class="footer-bottom-right"><ul class="nav-footer"><li><a href="{base}/syarat-ketentuan">Terms &amp; Conditions</a></li><li><a href="{base}/redaksi">Redaksi</a></li></ul></div></div></div></div></footer>
<a href="#" class="scrollup"><i class="icon-arrow-up"></i></a>
<div class="modal fade auth-modal" id="modal-login" tabindex="-1" role="dialog"><div class="modal-dialog" role="document"><div class="modal-content"><div class="modal-body"><button type="button" class="close" data-dismiss="modal">&times;</button><h4 class="modal-title font-1">Login</h4><form id="form-login" novalidate="novalidate"><div class="form-group has-feedback"><input type="email" name="email" class="form-control form-input" placeholder="Email" maxlength="255" required></div><div class="form-group has-feedback"><input type="password" name="password" class="form-control form-input" placeholder="Password" minlength="4" required></div><button type="submit" class="btn btn-md btn-custom btn-block">Login</button></form></div></div></div></div>
<div class="cookies-warning"><div class="text"><p>This site uses cookies. By continuing to browse the site you are agreeing to our use of cookies.</p></div><a href="javascript:void(0)" onclick="closeCookiesWarning();" class="icon-cl"><i class="icon-close"></i></a></div>
<script src="{base}/assets/themes/classic/js/jquery-3.6.1.min.js"></script><script src="{base}/assets/vendor/bootstrap/js/bootstrap.min.js"></script>
<script>$(document).on("click", ".btn-reaction", function () {{ addReaction($(this).data("id"), $(this).data("reaction")); }}); $("form[method='post']").append("<input type='hidden' name='csrf_test_name' value='0'>");</script>"""


def comments(post: Post) -> str:
    return f"""<section id="comments" class="comments"><div class="comments-section"><ul class="nav nav-tabs"><li class="active"><a data-toggle="tab" href="#site_comments">Comments</a></li><li><a data-toggle="tab" href="#facebook_comments">Facebook Comments</a></li></ul><div class="tab-content"><div id="site_comments" class="tab-pane fade in active"><form id="add_comment"><input type="hidden" name="parent_id" value="0"><input type="hidden" name="post_id" value="{post.id}"><div class="form-group"><label>Name</label><input type="text" name="name" class="form-control form-input" maxlength="40" placeholder="Name"></div><div class="form-group"><label>Comment</label><textarea class="form-control form-input form-textarea" name="comment" maxlength="4999" placeholder="Leave your comment..."></textarea></div><button type="submit" class="btn btn-md btn-custom">Post Comment</button></form><div id="comment-result"><input type="hidden" value="5" id="vr_comment_limit"><div class="row"><div class="col-sm-12"><div class="comments"></div></div></div></div></div><div id="facebook_comments" class="tab-pane fade"><div class="fb-comments" data-href="#" data-width="100%" data-numposts="5" data-colorscheme="light"></div></div></div></div></section>"""


def reactions(post: Post) -> str:
    faces = "".join(
        f'<div class="col-reaction col-reaction-like"><div class="col-sm-12"><div class="row"><div class="icon-cnt"><div class="btn-reaction" data-id="{post.id}" data-reaction="{name}"><span class="reaction">{icon}</span></div><label class="label reaction-num-votes">{(post.id * 7 + i) % 5}</label></div><p class="text-center"><label class="label label-reaction">{name.capitalize()}</label></p></div></div></div>'
        for i, (name, icon) in enumerate(
            zip(("like", "dislike", "love", "funny", "angry", "sad", "wow"), "👍👎❤😂😠😢😮", strict=True)
        )
    )
    return f'<div class="col-sm-12 col-xs-12"><div class="row"><div class="reactions"><h4 class="title-reactions">What&#039;s Your Reaction?</h4><div id="reactions_result">{faces}</div></div></div></div>'
