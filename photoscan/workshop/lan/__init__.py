"""Everybody joins: a process of its own for pupils' phones, with the lesson, their sessions and their photos.

The teacher's page stays on this computer alone; it speaks to that process by a pipe, and ends it with the lesson.
"""
