"""First floor: with whom, in what, and what is known of them."""
