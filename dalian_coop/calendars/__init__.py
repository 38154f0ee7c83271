"""Working days of China (with make-up working days), Japan and South Korea.

What a country decrees overrides what the package ``holidays`` computes: rows of the table ``Holiday`` come first.
"""
