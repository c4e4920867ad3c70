<?php // Puts posts in (JSON on the input), and everything that is no public post; prints WordPress's version.
$_SERVER['HTTP_HOST'] = 'warta.example.id';
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';
kses_remove_filters();
foreach (get_posts(array('post_type' => 'any', 'numberposts' => -1, 'post_status' => 'any')) as $old) wp_delete_post($old->ID, true);
add_filter('wp_insert_post_empty_content', '__return_false');
$authors = array('' => 0);
$term_of = function ($name) {
    if ($name === '') return (int) get_option('default_category');
    $term = term_exists($name, 'category') ?: wp_insert_term($name, 'category');
    return (int) $term['term_id'];
};
foreach (json_decode(file_get_contents('php://stdin'), true) as $n => $p) {
    $login = sanitize_user(sanitize_title($p['author']), true);
    if (!isset($authors[$login])) {
        $authors[$login] = wp_insert_user(array('user_login' => $login, 'user_pass' => 'x', 'display_name' => $p['author'], 'role' => 'author', 'user_email' => "$login@example.org"));
    }
    $id = wp_insert_post(wp_slash(array(
        'post_title' => $p['title'], 'post_name' => $p['slug'], 'post_content' => $p['content'], 'post_status' => 'publish',
        'post_author' => $authors[$login], 'post_category' => array_map($term_of, $p['sections'] ?? array($p['section'])),
        'tags_input' => $p['tags'], 'post_date' => $p['date'], 'post_excerpt' => $p['excerpt'] ?? '',
    )), true);
    if (is_wp_error($id)) { fwrite(STDERR, 'Fatal: ' . $id->get_error_message()); exit(1); }
    if (isset($p['format'])) set_post_format($id, $p['format']);
    if (isset($p['sticky'])) stick_post($id);
    if (isset($p['zero_gmt'])) $wpdb->update($wpdb->posts, array('post_date_gmt' => '0000-00-00 00:00:00', 'post_modified_gmt' => '0000-00-00 00:00:00'), array('ID' => $id));
}
$text = '<!-- wp:paragraph --><p>Ini bukan berita untuk umum, dan tidak boleh masuk ke dalam arsip sama sekali.</p><!-- /wp:paragraph -->';
$about = wp_insert_post(array('post_type' => 'page', 'post_title' => 'Redaksi', 'post_content' => $text, 'post_status' => 'publish'));
wp_insert_post(array('post_type' => 'page', 'post_title' => 'Susunan Redaksi', 'post_parent' => $about, 'post_content' => $text, 'post_status' => 'publish'));
wp_insert_post(array('post_type' => 'page', 'post_title' => 'Pedoman Media Siber', 'post_content' => $text, 'post_status' => 'publish'));
foreach (array('draft' => 'Draf', 'private' => 'Pribadi', 'pending' => 'Tertunda', 'trash' => 'Terbuang') as $status => $word)
    wp_insert_post(array('post_title' => "Naskah $word", 'post_content' => $text, 'post_status' => $status));
wp_insert_post(array('post_title' => 'Naskah Terjadwal', 'post_content' => $text, 'post_status' => 'future', 'post_date' => '2099-01-01 00:00:00'));
wp_insert_post(array('post_title' => 'Naskah Terkunci', 'post_content' => $text, 'post_status' => 'publish', 'post_password' => 'kunci', 'post_date' => '2024-06-20 10:00:00'));
wp_insert_attachment(array('post_title' => 'Foto Lampiran', 'post_mime_type' => 'image/jpeg', 'post_status' => 'inherit', 'guid' => 'https://warta.example.id/foto.jpg'), 'foto.jpg');
echo get_bloginfo('version');
