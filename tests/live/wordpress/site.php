<?php
/*
 * Installs and changes the made-up site of a safeguarding partnership: php site.php ADDRESS STEP
 * Steps: first (install, first night), second (what changed before the second night), close (the API is closed).
 */
list( , $address, $step ) = $argv;
$_SERVER['HTTP_HOST'] = parse_url( $address, PHP_URL_HOST ) . ':' . parse_url( $address, PHP_URL_PORT );
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
if ( 'first' === $step ) {
	define( 'WP_INSTALLING', true );
}
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

function made_up_file( $name, $words, $parent = 0 ) {
	$file = wp_upload_bits( $name, null, str_replace( 'WORDS', $words, file_get_contents( __DIR__ . '/report.pdf' ) ) );
	$id = wp_insert_attachment(
		array( 'post_mime_type' => 'application/pdf', 'post_title' => pathinfo( $name, PATHINFO_FILENAME ), 'post_status' => 'inherit' ),
		$file['file'], $parent
	);
	return array( 'id' => $id, 'url' => $file['url'], 'page' => get_attachment_link( $id ) );
}

function made_up_post( $title, $content, $more = array() ) {
	// Dates of their own: the pages of a category with equal dates leave posts out, as the database pleases.
	static $hour = 8;
	$hour++;
	$id = wp_insert_post( array_merge(
		array( 'post_title' => $title, 'post_content' => $content, 'post_status' => 'publish', 'post_date' => sprintf( '2024-05-01 %02d:00:00', $hour ) ),
		$more
	), true );
	if ( is_wp_error( $id ) ) {
		fwrite( STDERR, $id->get_error_message() );
		exit( 1 );
	}
	return $id;
}

function link_to( $file, $text ) {
	return '<p><a href="' . $file['url'] . '">' . $text . '</a></p>';
}

if ( 'first' === $step ) {
	wp_install( 'Kestrel Vale (fictional)', 'admin', 'admin@kestrelvale.example', false, '', wp_generate_password() );
	update_option( 'siteurl', $address );
	update_option( 'home', $address );
	update_option( 'timezone_string', 'Europe/London' );
	update_option( 'posts_per_page', 2 );
	switch_theme( 'kestrel' );
	global $wp_rewrite;
	$wp_rewrite->set_permalink_structure( '/%postname%/' );
	do_action( 'init' );
	$category = wp_create_category( 'Practice reviews' );
	$in = array( 'post_category' => array( $category ) );

	$heron = made_up_file( 'child-heron-overview.pdf', 'heron overview' );
	$brief = made_up_file( 'child-heron-briefing.pdf', 'heron briefing' );
	made_up_post( 'Child Heron: local child safeguarding practice review',
		'<p>Published 12 March 2021.</p>' . link_to( $heron, 'Child Heron overview report' )
		. '<div class="wp-block-file"><a href="' . $brief['url'] . '">Child Heron 7 minute briefing</a>'
		. '<a href="' . $brief['url'] . '" class="wp-block-file__button" download>Download</a></div>', $in );
	foreach ( array( 'Wren', 'Tern', 'Dunlin' ) as $name ) {
		$file = made_up_file( "child-$name-report.pdf", "$name report" );
		made_up_post( "Child $name: serious case review", link_to( $file, "Child $name overview report" ), $in );
	}
	$plover = made_up_file( 'plover.pdf', 'plover report' );
	made_up_post( 'Family Plover: learning review',
		'<p><a href="' . $plover['page'] . '" rel="attachment wp-att-' . $plover['id'] . '">Family Plover learning review report</a></p>', $in );
	$gull = made_up_file( 'gull.pdf', 'gull report' );
	made_up_post( 'Baby Gull: serious case review',
		'<p><a href="' . $gull['page'] . '">Baby Gull overview report</a></p>', $in );
	$custom = made_up_file( 'thematic.pdf', 'thematic report' );
	made_up_post( 'Thematic review of neglect', link_to( $custom, 'Thematic review report' ), array( 'post_type' => 'document' ) );

	$draft = made_up_file( 'draft.pdf', 'draft report' );
	made_up_post( 'Child Draft: serious case review', link_to( $draft, 'Child Draft overview report' ), array( 'post_status' => 'draft' ) );
	$secret = made_up_file( 'protected.pdf', 'protected report' );
	made_up_post( 'Child Protected: serious case review', link_to( $secret, 'Child Protected overview report' ), array( 'post_password' => 'x' ) );
	made_up_file( 'orphan-serious-case-review.pdf', 'orphan report' );
	$news = made_up_file( 'newsletter-spring.pdf', 'newsletter' );
	made_up_post( 'Spring newsletter', link_to( $news, 'Newsletter, spring' ) );

	$page = made_up_file( 'page-swift.pdf', 'swift report' );
	$list = made_up_post( 'Learning from reviews',
		link_to( $page, 'Child Swift serious case review: executive summary' )
		. '<p><a href="' . get_category_link( $category ) . '">Practice reviews</a></p>', array( 'post_type' => 'page' ) );
	flush_rewrite_rules( false );
	echo wp_json_encode( array( 'list' => get_permalink( $list ), 'category' => get_category_link( $category ) ) );
} elseif ( 'second' === $step ) {
	$find = function ( $title ) {
		$found = get_posts( array( 'title' => $title, 'post_type' => 'post', 'numberposts' => 1 ) );
		return $found[0];
	};
	// A new slug (the old one redirects), a review with a new file, a new review, and one taken down.
	wp_update_post( array( 'ID' => $find( 'Child Wren: serious case review' )->ID, 'post_name' => 'child-wren-renamed' ) );
	$dunlin = $find( 'Child Dunlin: serious case review' );
	$more = made_up_file( 'child-dunlin-response.pdf', 'dunlin response' );
	wp_update_post( array( 'ID' => $dunlin->ID, 'post_content' => $dunlin->post_content . link_to( $more, 'Child Dunlin: partnership response' ) ) );
	$new = made_up_file( 'child-avocet.pdf', 'avocet report' );
	made_up_post( 'Child Avocet: serious case review', link_to( $new, 'Child Avocet overview report' ), array( 'post_date' => current_time( 'mysql' ) ) );
	wp_update_post( array( 'ID' => $find( 'Child Tern: serious case review' )->ID, 'post_status' => 'draft' ) );
	echo '{}';
} elseif ( 'close' === $step ) {
	update_option( 'kestrel_api', 'closed' );
	echo '{}';
}
