"""What ties us to partner cities: agreements; and the pages of partner cities."""
