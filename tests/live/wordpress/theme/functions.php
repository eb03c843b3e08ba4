<?php
// A custom type, as partnerships use for their documents.
add_action( 'init', function () {
	register_post_type( 'document', array(
		'public'       => true,
		'label'        => 'Documents',
		'show_in_rest' => true,
		'rest_base'    => 'documents',
		'supports'     => array( 'title', 'editor' ),
	) );
} );
// The option kestrel_api stands for the plugins that close the API to strangers.
if ( get_option( 'kestrel_api' ) === 'closed' ) {
	add_filter( 'rest_authentication_errors', function () {
		return new WP_Error( 'rest_not_logged_in', 'Not for you.', array( 'status' => 401 ) );
	} );
}
