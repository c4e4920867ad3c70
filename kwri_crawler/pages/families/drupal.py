"""Articles of Drupal 7 to 11, which agencies and universities have."""

from __future__ import annotations

from kwri_crawler.pages.dated import Dated


class Drupal(Dated):
    """Its fields keep their machine names as classes; /rss.xml lists the front page."""

    name = "drupal"
    is_for_all = True
    marks = ('content="Drupal', "drupal-settings-json", "/sites/default/files/", "Drupal.settings", "data-drupal-")
    not_article = (
        ("body.path-taxonomy, body.page-taxonomy-term, body.path-frontpage", "a list page: its body says so"),
    )
    lists = (("feed", "/rss.xml"), ("sitemap", "/sitemap.xml"))
    wrapper = ("article.node--view-mode-full, article.node, .node--type-article, .node-article, .node", "main", "body")
    title = ("h1.page-title, h1.page-header, h1#page-title, h1.title, h1.node__title", "h1, h2.node__title")
    section = (".field--name-field-category a, .field-name-field-category a, .field--name-field-kategori a",)
    crumbs = ".breadcrumb a"
    author = (
        ".node__submitted [rel='author'], .node__meta [rel='author'], .submitted .username",
        ".field--name-uid, .username",
    )
    published = (".node__submitted time, .node__meta time, time", ".node__submitted, .node__meta, .submitted")
    body = (
        ".node--view-mode-full > .node__content",
        ".field--name-body",
        ".field-name-body .field-item, .field-name-body",
        ".node__content, .node .content",
    )
    drop = (
        ".links, .node__links, .comment-add, .field--name-field-tags, .field-name-field-tags, .field--name-field-image"
    )
    image = (".field--name-field-image img, .field-name-field-image img", ".field--name-body img")
    caption = (".field--name-field-image figcaption, figcaption",)
    tags = (".field--name-field-tags a, .field-name-field-tags a",)
