"""What teachers print for a lesson and read beside it: plans, worksheets, letters; texts are data, in `texts/`."""
