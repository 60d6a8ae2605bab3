"""Tools for understanding lines of text that several detectors share."""
