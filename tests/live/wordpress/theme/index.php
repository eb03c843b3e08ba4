<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head><meta charset="<?php bloginfo( 'charset' ); ?>"><title><?php wp_title( '' ); ?></title><?php wp_head(); ?></head>
<body <?php body_class(); ?>>
<nav><a href="<?php echo home_url( '/' ); ?>">Home</a></nav>
<main>
<?php while ( have_posts() ) : the_post(); ?>
<article id="post-<?php the_ID(); ?>">
<?php if ( is_singular() ) : ?>
<h1><?php the_title(); ?></h1>
<?php the_content(); ?>
<?php else : ?>
<h2><a href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h2>
<?php endif; ?>
</article>
<?php endwhile; ?>
<?php the_posts_pagination(); ?>
</main>
<?php wp_footer(); ?>
</body></html>
