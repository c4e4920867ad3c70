<?php // Makes the database and installs WordPress in Indonesian.
$config = file_get_contents(__DIR__ . '/wp-config.php');
preg_match("/localhost:([^']+)/", $config, $found);
for ($i = 0; $i < 50; $i++) {
    try { $db = new mysqli('localhost', 'root', '', '', 0, $found[1]); break; } catch (mysqli_sql_exception $e) { usleep(200000); }
}
$db->query('CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4');
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'warta.example.id';
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Warta Contoh', 'redaksi', 'redaksi@example.org', true, '', 'rahasia', 'id_ID');
update_option('timezone_string', 'Asia/Jakarta');
update_option('date_format', 'j F Y');
