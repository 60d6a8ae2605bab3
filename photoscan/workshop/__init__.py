"""The workshop: a page on this computer that shows a class what a photo gives away, and how to make it safe."""
