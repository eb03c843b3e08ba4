<?php
// What plugins do to a site: a type outside the API, shortcodes that run for readers only, downloads by number, lists by Ajax.
add_action( 'init', function () {
	// show_in_rest is left at WordPress's default: false.
	register_post_type( 'case_review', array(
		'public'      => true,
		'label'       => 'Case reviews',
		'has_archive' => 'case-reviews',
		'rewrite'     => array( 'slug' => 'case-review' ),
		'supports'    => array( 'title', 'editor' ),
	) );
	// A counter of downloads: the address has a stamp that is new on every visit.
	add_shortcode( 'download', function ( $given ) {
		$stamp = str_replace( '.', '', (string) microtime( true ) );
		return '<a class="download-link" href="' . home_url( '/download/' . (int) $given['id'] . '/?tmstv=' . $stamp ) . '" rel="nofollow">'
			. esc_html( get_the_title( (int) $given['id'] ) ) . ' (3 downloads)</a>';
	} );
	if ( preg_match( '#^/download/(\d+)/#', $_SERVER['REQUEST_URI'], $asked ) ) {
		$file = get_attached_file( (int) $asked[1] );
		if ( ! $file || ! is_file( $file ) ) {
			status_header( 404 );
			exit;
		}
		header( 'Content-Type: application/pdf' );
		header( 'Content-Length: ' . filesize( $file ) );
		header( 'Content-Disposition: attachment; filename="' . basename( $file ) . '"' );
		readfile( $file );
		exit;
	}
} );
// A page builder's shortcodes: the API never comes to "wp", so it leaves them raw.
add_action( 'wp', function () {
	$button = function ( $address, $words ) {
		return '<div class="button-wrap"><a class="button" href="' . esc_url( $address ) . '">' . esc_html( $words ) . '</a></div>';
	};
	foreach ( array( 'vc_row', 'vc_column', 'et_pb_section' ) as $wrapper ) {
		add_shortcode( $wrapper, function ( $given, $inner ) {
			return '<div class="wrap">' . do_shortcode( $inner ) . '</div>';
		} );
	}
	add_shortcode( 'vc_btn', function ( $given ) use ( $button ) {
		preg_match( '/url:([^|]*)/', $given['link'], $found );
		return $button( rawurldecode( $found[1] ), $given['title'] );
	} );
	add_shortcode( 'et_pb_button', function ( $given ) use ( $button ) {
		return $button( $given['button_url'], $given['button_text'] );
	} );
	add_shortcode( 'pdf-embedder', function ( $given ) {
		return '<a class="pdfemb-viewer" href="' . esc_url( $given['url'] ) . '" data-width="max">' . esc_html( $given['title'] ) . '</a>';
	} );
} );
// A list that loads more.
function made_up_items( $page ) {
	$found = get_posts( array( 'category_name' => 'loaded', 'numberposts' => 2, 'offset' => 2 * ( $page - 1 ), 'orderby' => 'ID', 'order' => 'ASC' ) );
	return implode( '', array_map( function ( $one ) {
		return '<li class="item"><h3><a href="' . get_permalink( $one ) . '">' . esc_html( $one->post_title ) . '</a></h3></li>';
	}, $found ) );
}
add_action( 'wp_ajax_nopriv_more_reviews', function () {
	wp_die( made_up_items( max( 1, (int) $_GET['page'] ) ) );
} );
