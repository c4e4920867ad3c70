"""Pages of WordPress, in the themes of regional newsrooms: Newkarma and its kin, Newspaper, JNews, Zox, blocks."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class WordPress(Family):
    """A theme's own name first, WordPress's own last; of two names in one selector the first in the page is taken."""

    name = "wordpress"
    is_for_all = True
    marks = ("/wp-content/", "/wp-includes/", "/wp-json", 'content="WordPress')
    # WordPress names the kind of a page in its <body>.
    not_article = (
        ("body.archive, body.home.blog, body.search-results, body.search-no-results", "a list page: its body says so"),
        ("body.error404", "says that the page is not there: its body says so"),
    )
    wrapper = ("#primary", "main", "article[id^='post-'], article.post, .type-post, .hentry", "body")
    title = (
        "h1.entry-title, h1.tdb-title-text, h1.jeg_post_title, h1.mvp-post-title",
        "h1.wp-block-post-title, h1.post-title, h1.single-title, h1.td-post-title",
        ".hentry h1, .type-post h1, .hentry h2, .type-post h2",
    )
    subtitle = ("p.subtitle, .jeg_post_subtitle, .td-post-sub-title, .tdb-post-subtitle, .entry-subtitle, .sub-judul",)
    section = (
        ".cat-links-content a, .gmr-metacontent-single .cat-links a, .td-post-category, .tdb-entry-category",
        ".jeg_meta_category a, .cat-links a, .wp-block-post-terms.taxonomy-category a, .mvp-post-cat",
        "ul.td-category .entry-category a, .td-category a, .entry-category a",
        "a[rel~='category']",
    )
    author = (
        ".gmr-metacontent-single .entry-author [itemprop='name'], .td-post-author-name a, .tdb-author-name",
        ".jeg_meta_author a, .author-name a, .mvp-author-info-name a, .wp-block-post-author__name",
        ".wp-block-post-author-name, .entry-author a, .byline .author a, .author.vcard a, .author.vcard",
        "a[rel='author']",
    )
    credits = (".gmr-cf-metacontent",)
    published = (
        "time.entry-date.published, .td-post-date time, .tdb-block-inner time.entry-date, time.post-date",
        ".jeg_meta_date, .wp-block-post-date time, time.published, time.entry-date, .posted-on time, time[datetime]",
    )
    updated = ("time.updated:not(.published)", ".jeg_meta_date time.updated, .wp-block-post-date__modified-date time")
    body = (
        ".entry-content-single, .td-post-content, .tdb_single_content .tdb-block-inner, .jeg_main .content-inner",
        "#mvp-content-main, .wp-block-post-content, [itemprop='articleBody'], #the-post .entry-content",
        ".entry-content, .post-content, .single-content, .post-entry, .the-content",
        ".hentry > .entry, .type-post > .entry",
        "article .article-content",  # beritajatim.com
    )
    drop = (
        ".code-block, .gmr-banner-beforecontent, .gmr-cf-metacontent, .gmr-related-post-onlytitle, .post-views,"
        " .wp-block-post-navigation-link, .page-links, .jeg_pagelinks, .jnews_content_top_ads, .td-a-ad, .tdm_block,"
        " .yarpp, .rp4wp-related-posts, .heateor_sss_sharing_container, .addtoany_share_save_container, .author-box,"
        " .postinfo, .wp-block-button, .post-navigation, .nav-links, .nav-next, .nav-previous,"
        " article.type-post, article.hentry"  # in a body they are cards of others
    )
    image = (
        ".gmr-attachment-img img, .td-post-featured-image img, .tdb_single_featured_image img, .jeg_featured img",
        "#mvp-post-feat-img img, .wp-block-post-featured-image img, .post-thumbnail img, img.wp-post-image",
    )
    caption = (
        ".gmr-attachment-img figcaption, .gmr-attachment-img .wp-caption-text, .td-post-featured-image figcaption",
        ".tdb-caption-text, .jeg_featured .wp-caption-text, .mvp-feat-caption",
        ".wp-block-post-featured-image figcaption",
        ".post-thumbnail figcaption, figure.wp-caption:has(img.wp-post-image) figcaption",
    )
    tags = (
        ".tags-links a, .td-tags a, .tdb-tags a, .jeg_post_tags a, .taxonomy-post_tag a, .mvp-post-tags a",
        "a[rel='tag']:not([href*='/category/'], [href*='/kategori/'])",
    )
