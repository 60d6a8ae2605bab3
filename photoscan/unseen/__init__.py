"""What a picture holds without showing it.

Tells scans of it, and proves of copies that nothing is left. Shares no code with the strippers.
"""
