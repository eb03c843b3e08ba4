<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head><meta charset="<?php bloginfo( 'charset' ); ?>"><title><?php wp_title( '' ); ?></title><?php wp_head(); ?></head>
<body <?php body_class(); ?>>
<nav class="site-nav"><a href="<?php echo home_url( '/' ); ?>">Home</a> <a href="<?php echo home_url( '/published-reviews/' ); ?>">Published reviews</a></nav>
<main id="main" class="site-main">
<?php if ( is_post_type_archive() ) : ?><header class="page-header"><h1><?php post_type_archive_title(); ?></h1></header><?php endif; ?>
<?php while ( have_posts() ) : the_post(); ?>
<article id="post-<?php the_ID(); ?>" <?php post_class(); ?>>
<?php if ( is_singular() ) : ?>
<header class="entry-header"><h1 class="entry-title"><?php the_title(); ?></h1></header>
<div class="entry-content"><?php the_content(); ?></div>
<?php
	// Fields of the theme's own: they are no part of the content, so the API does not have them.
	foreach ( array( 'report' => 'Overview report', 'briefing' => '7 minute briefing', 'response' => 'Partnership response' ) as $key => $words ) {
		$address = get_post_meta( get_the_ID(), $key, true );
		if ( $address ) {
			echo '<p class="paper"><a href="' . esc_url( $address ) . '">' . $words . ' (PDF)</a></p>';
		}
	}
?>
<?php else : ?>
<header class="entry-header"><h2 class="entry-title"><a href="<?php the_permalink(); ?>" rel="bookmark"><?php the_title(); ?></a></h2></header>
<div class="entry-summary"><?php the_excerpt(); ?></div>
<?php endif; ?>
</article>
<?php endwhile; ?>
<?php the_posts_pagination(); ?>
</main>
<footer><p><a href="<?php echo home_url( '/newsletter/' ); ?>">Newsletter</a></p></footer>
<?php wp_footer(); ?>
</body></html>
