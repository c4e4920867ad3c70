<?php // Puts posts in (JSON on the input), and everything that is no public post; prints WordPress's version.
$_SERVER['HTTP_HOST'] = 'warta.example.id';
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';
kses_remove_filters();
foreach (get_posts(array('post_type' => 'any', 'numberposts' => -1, 'post_status' => 'any')) as $old) wp_delete_post($old->ID, true);
$authors = array();
foreach (json_decode(file_get_contents('php://stdin'), true) as $n => $p) {
    $login = sanitize_user(sanitize_title($p['author']), true);
    if (!isset($authors[$login])) {
        $authors[$login] = wp_insert_user(array('user_login' => $login, 'user_pass' => 'x', 'display_name' => $p['author'], 'role' => 'author', 'user_email' => "$login@example.org"));
    }
    $term = term_exists($p['section'], 'category') ?: wp_insert_term($p['section'], 'category');
    $id = wp_insert_post(wp_slash(array(
        'post_title' => $p['title'], 'post_name' => $p['slug'], 'post_content' => $p['content'], 'post_status' => 'publish',
        'post_author' => $authors[$login], 'post_category' => array((int) $term['term_id']), 'tags_input' => $p['tags'],
        'post_date' => $p['date'],
    )), true);
    if (is_wp_error($id)) { fwrite(STDERR, 'Fatal: ' . $id->get_error_message()); exit(1); }
}
$text = '<!-- wp:paragraph --><p>Ini bukan berita untuk umum, dan tidak boleh masuk ke dalam arsip sama sekali.</p><!-- /wp:paragraph -->';
wp_insert_post(array('post_type' => 'page', 'post_title' => 'Redaksi', 'post_content' => $text, 'post_status' => 'publish'));
wp_insert_post(array('post_type' => 'page', 'post_title' => 'Pedoman Media Siber', 'post_content' => $text, 'post_status' => 'publish'));
wp_insert_post(array('post_title' => 'Naskah Draf', 'post_content' => $text, 'post_status' => 'draft'));
wp_insert_post(array('post_title' => 'Naskah Pribadi', 'post_content' => $text, 'post_status' => 'private'));
wp_insert_post(array('post_title' => 'Naskah Terjadwal', 'post_content' => $text, 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00'));
wp_insert_post(array('post_title' => 'Naskah Terkunci', 'post_content' => $text, 'post_status' => 'publish', 'post_password' => 'kunci', 'post_date' => '2024-06-20 10:00:00'));
wp_insert_attachment(array('post_title' => 'Foto Lampiran', 'post_mime_type' => 'image/jpeg', 'post_status' => 'inherit', 'guid' => 'https://warta.example.id/foto.jpg'), 'foto.jpg');
echo get_bloginfo('version');
