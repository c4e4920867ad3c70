<?php // Sets permalinks, the API, the feed and the theme as the JSON on the input says.
$_SERVER['HTTP_HOST'] = 'warta.example.id';
require __DIR__ . '/wp-load.php';
$given = json_decode(file_get_contents('php://stdin'), true);
global $wp_rewrite;
$wp_rewrite->set_permalink_structure($given['permalinks']);
$wp_rewrite->flush_rules(false);
update_option('trial_api_off', $given['api'] ? '' : '1');
update_option('rss_use_excerpt', $given['full_feed'] ? 0 : 1);
if (isset($given['theme'])) switch_theme($given['theme']);
