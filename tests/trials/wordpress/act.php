<?php // Does what a newsroom does to its posts, as the JSON on the input says; prints what came of it, a line each.
$_SERVER['HTTP_HOST'] = 'warta.example.id';
require __DIR__ . '/wp-load.php';
kses_remove_filters();
foreach (json_decode(file_get_contents('php://stdin'), true) as $act) {
    $found = isset($act['title']) ? $wpdb->get_var($wpdb->prepare("SELECT ID FROM $wpdb->posts WHERE post_title = %s AND post_status = 'publish' AND post_type = 'post' ORDER BY ID LIMIT 1", $act['title'])) : 0;
    switch ($act['do']) {
        case 'edit': wp_update_post(wp_slash(array('ID' => $found, 'post_content' => $act['content']))); break;
        case 'remove': wp_trash_post($found); break;
        case 'slug': wp_update_post(array('ID' => $found, 'post_name' => $act['slug'])); break;
        case 'publish': $found = wp_insert_post(wp_slash(array('post_title' => $act['title'], 'post_content' => $act['content'], 'post_status' => 'publish', 'post_date' => $act['date']))); break;
    }
    echo $act['do'], ' ', (int) $found, ' ', get_permalink((int) $found), "\n";
}
