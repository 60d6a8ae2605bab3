"""Spot the leak: the class marks what gives something away in a photo. Rules and plain data, no input or output."""
