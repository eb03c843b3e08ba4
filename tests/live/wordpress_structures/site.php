<?php
/*
 * Installs and changes the made-up site of Pear Vale's partnership: php site.php ADDRESS STEP
 * Steps: first, changed (one review added, one taken off with its file left, one deleted with its files), replaced (a file anew).
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

kses_remove_filters(); // an editor may write scripts

function upload( $name ) {
	$file = wp_upload_bits( "$name.pdf", null, file_get_contents( __DIR__ . "/papers/$name.pdf" ) );
	$id = wp_insert_attachment( array( 'post_mime_type' => 'application/pdf', 'post_title' => $name, 'post_status' => 'inherit' ), $file['file'] );
	return array( 'id' => $id, 'url' => $file['url'], 'file' => $file['file'] );
}

function paper( $name ) {
	return upload( $name )['url'];
}

function a( $name, $words ) {
	return '<p><a href="' . paper( $name ) . '">' . $words . '</a></p>';
}

function publish( $type, $title, $content, $more = array() ) {
	$id = wp_insert_post( array_merge(
		array( 'post_type' => $type, 'post_title' => $title, 'post_content' => $content, 'post_status' => 'publish', 'post_date' => '2024-05-01 09:00:00' ),
		$more
	), true );
	if ( is_wp_error( $id ) ) {
		fwrite( STDERR, $id->get_error_message() );
		exit( 1 );
	}
	return $id;
}

function named( $type, $title ) {
	$found = get_posts( array( 'title' => $title, 'post_type' => $type, 'numberposts' => 1 ) );
	return $found[0];
}

if ( 'first' === $step ) {
	wp_install( 'Pear Vale (fictional)', 'admin', 'admin@pearvale.example', false, '', wp_generate_password() );
	update_option( 'siteurl', $address );
	update_option( 'home', $address );
	update_option( 'timezone_string', 'Europe/London' );
	update_option( 'posts_per_page', 2 );
	switch_theme( 'kestrel' );
	global $wp_rewrite;
	$wp_rewrite->set_permalink_structure( '/%postname%/' );
	do_action( 'init' );

	// Raw in the API: two page builders' buttons and a viewer.
	publish( 'post', 'Child Linden: serious case review', '<p>Published 7 September 2023.</p>'
		. '[vc_row][vc_column width="1/1"][vc_btn title="Overview report" link="url:' . rawurlencode( paper( 'linden-overview' ) ) . '||target:_blank|"][/vc_column][/vc_row]' );
	publish( 'post', 'Child Aspen: local child safeguarding practice review', '<p>Published 4 October 2023.</p>'
		. '[et_pb_section][et_pb_button button_url="' . paper( 'aspen-overview' ) . '" button_text="Overview report"][/et_pb_button][/et_pb_section]' );
	publish( 'page', 'Child Spindle: serious case review', '<p>Published 9 January 2020.</p>'
		. '[pdf-embedder url="' . paper( 'spindle-overview' ) . '" title="Overview report"]' );
	// Nothing in the API: the theme prints the fields.
	publish( 'post', 'Child Hazel: serious case review', '<p>Published 5 May 2022.</p>',
		array( 'meta_input' => array( 'report' => paper( 'hazel-overview' ), 'briefing' => paper( 'hazel-briefing' ) ) ) );
	// One paper in the content, another in a field.
	publish( 'post', 'Child Medlar: serious case review', '<p>Published 6 June 2021.</p>' . a( 'medlar-overview', 'Overview report' ),
		array( 'meta_input' => array( 'response' => paper( 'medlar-response' ) ) ) );

	// A type outside the API; its archive has a second page.
	$fields = array( 'Elder' => array( 'report', 'briefing' ), 'Juniper' => array( 'report', 'response' ), 'Guelder' => array( 'report' ) );
	$papers = array( 'report' => 'overview', 'briefing' => 'briefing', 'response' => 'response' );
	$dates = array( 'Elder' => '2 May 2022', 'Juniper' => '12 March 2021', 'Guelder' => '1 February 2018' );
	foreach ( $fields as $name => $keys ) {
		$meta = array();
		foreach ( $keys as $key ) {
			$meta[ $key ] = paper( strtolower( $name ) . '-' . $papers[ $key ] );
		}
		publish( 'case_review', "Child $name", "<p>Published on {$dates[$name]}.</p>", array( 'meta_input' => $meta ) );
	}

	// Downloads by number, each with a stamp.
	$downloads = '';
	foreach ( array( 'maple' => 'Child Maple – published July 2020', 'rowan' => 'Child Rowan – published March 2019' ) as $name => $words ) {
		$file = upload( "$name-overview" );
		wp_update_post( array( 'ID' => $file['id'], 'post_title' => 'Overview report' ) );
		$downloads .= "<h2>$words</h2><p>[download id=\"{$file['id']}\"]</p>";
	}
	$downloads = publish( 'page', 'Serious case reviews to download', $downloads );

	// A list that loads more; its items are posts.
	$category = wp_create_category( 'Loaded' );
	foreach ( array( 'Cedar' => '3 March 2017', 'Larch' => '4 April 2017', 'Alder' => '5 May 2017' ) as $name => $date ) {
		publish( 'post', "Child $name: serious case review", "<p>Published $date.</p>" . a( strtolower( $name ) . '-overview', 'Overview report' ),
			array( 'post_category' => array( $category ) ) );
	}
	publish( 'page', 'Further serious case reviews', '<ul class="items">' . made_up_items( 1 ) . '</ul>'
		. '<button type="button" class="load-more" data-endpoint="' . admin_url( 'admin-ajax.php?action=more_reviews' ) . '">Load more</button>' );

	// Tabs whose names are buttons, folds of two kinds, and the ways to the other lists.
	$tabs = '<div role="tablist"><button role="tab" id="tab-1" aria-controls="panel-1" aria-selected="true">Child Bramble</button>'
		. '<button role="tab" id="tab-2" aria-controls="panel-2">Child Teasel</button></div>'
		. '<div role="tabpanel" id="panel-1" aria-labelledby="tab-1"><p>Published 3 March 2021</p>'
		. a( 'bramble-overview', 'Overview report' ) . a( 'bramble-briefing', '7 minute briefing' ) . '</div>'
		. '<div role="tabpanel" id="panel-2" aria-labelledby="tab-2"><p>Published 8 October 2022</p>' . a( 'teasel-overview', 'Overview report' ) . '</div>';
	$folds = '<h2>Earlier reviews</h2>'
		. '<details><summary>Child Willow – published June 2019</summary>' . a( 'willow-overview', 'Overview report' ) . a( 'willow-briefing', '7 minute briefing' ) . '</details>'
		. '<div class="accordion-item"><h3 class="accordion-title"><button aria-expanded="false" aria-controls="fold-1">Child Poplar – published May 2018</button></h3>'
		. '<div id="fold-1" class="accordion-content" hidden>' . a( 'poplar-overview', 'Overview report' ) . '</div></div>';
	$ways = '<h2>More reviews</h2><ul><li><a href="' . get_post_type_archive_link( 'case_review' ) . '">Case reviews</a></li>'
		. '<li><a href="' . get_permalink( $downloads ) . '">Serious case reviews to download</a></li></ul>'
		. '<h2>Other papers</h2>' . a( 'annual-report', 'Annual report 2022-23' );
	publish( 'page', 'Published reviews', $tabs . $folds . $ways );

	// A page that only a browser fills, and what is never taken.
	publish( 'page', 'Learning hub', '<p>What Pear Vale has learnt from reviews, for all who work with children here.</p><div id="app"></div>' . str_repeat( '<script>fill();</script>', 3 ) );
	publish( 'post', 'Child Draft: serious case review', a( 'draft-overview', 'Overview report' ), array( 'post_status' => 'draft' ) );
	publish( 'page', 'Newsletter', a( 'newsletter', 'Spring newsletter' ) );
	paper( 'orphan-serious-case-review' );
	flush_rewrite_rules( false );
} elseif ( 'changed' === $step ) {
	publish( 'case_review', 'Child Quince', '<p>Published on 1 March 2027.</p>',
		array( 'post_date' => current_time( 'mysql' ), 'meta_input' => array( 'report' => paper( 'quince-overview' ) ) ) );
	wp_update_post( array( 'ID' => named( 'post', 'Child Aspen: local child safeguarding practice review' )->ID, 'post_status' => 'draft' ) );
	$juniper = named( 'case_review', 'Child Juniper' );
	foreach ( array( 'report', 'response' ) as $key ) {
		// Before there was a site its uploads' addresses had no host, and the library knows them by the whole address.
		if ( ! wp_delete_attachment( attachment_url_to_postid( $address . get_post_meta( $juniper->ID, $key, true ) ), true ) ) {
			fwrite( STDERR, "no file of Child Juniper's $key" );
			exit( 1 );
		}
	}
	wp_delete_post( $juniper->ID, true );
} elseif ( 'replaced' === $step ) {
	$uploads = wp_upload_dir();
	foreach ( glob( $uploads['basedir'] . '/*/*/linden-overview.pdf' ) as $file ) {
		copy( __DIR__ . '/papers/linden-overview-second.pdf', $file );
	}
}
echo "\n{}";
