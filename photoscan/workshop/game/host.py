"""Who holds the lesson: what the teacher asks comes as one word and plain data, so that it can also come by a pipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from photoscan.workshop.game.lesson import Lesson, LessonError, names_of, rounds_of
from photoscan.workshop.game.marks import MarkError
from photoscan.workshop.game.rounds import Album

LONGEST_WAIT = 20.0
"""Seconds that a question for news may wait."""


class Host:
    """Holds at most one lesson."""

    def __init__(self, album: Callable[[], Album]) -> None:
        self._album = album
        self.lesson: Lesson | None = None

    async def ask(self, action: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Do what the teacher wants; gives back the lesson as it is then, None where there is nothing new or none.

        `action`: open (teams, rounds, seconds), state (since), start, show, next, finish, marks (team, marks),
        remove (id) or end. Raises LessonError for what can't be done.
        """
        if action == "open":
            self.lesson = self._opened(body)
        elif action == "end":
            self.lesson = None
            return None
        lesson, since = self.lesson, body.get("since")
        if lesson is None:
            if action == "state" and since is None:
                return None
            raise LessonError("gone", "There is no lesson.")
        if action == "state":
            if isinstance(since, int) and not await lesson.changed(since, LONGEST_WAIT):
                return None
        else:
            self._done(lesson, action, body)
        return lesson.for_teacher()

    def _opened(self, body: Mapping[str, Any]) -> Lesson:
        seconds = body.get("seconds")
        if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int)):
            raise LessonError("wrong", "'seconds' has to be a whole number.")
        teams = names_of(body.get("teams"))
        return Lesson(teams, rounds_of(body.get("rounds"), self._album().rounds), seconds)

    def _done(self, lesson: Lesson, action: str, body: Mapping[str, Any]) -> None:
        if action == "marks":
            try:
                lesson.mark(str(body.get("team")), body.get("marks"))
            except MarkError as error:
                raise LessonError("wrong", str(error)) from None
        elif action == "remove":
            lesson.remove(str(body.get("id")))
        elif action != "open":
            {"start": lesson.start, "show": lesson.show, "next": lesson.next, "finish": lesson.finish}[action]()
