"""Questions as methods of a client: one signature and one description, whatever carries them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])


def as_method(method: Method, make: Callable[..., Any]) -> Method:
    """Give a method the name, the description and the parameters of the question that it asks.

    What `inspect.signature` tells of its answer is what the question's reader gives.
    """
    asked = inspect.signature(make, eval_str=True)
    (answer,) = asked.return_annotation.__args__
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    rows = [own, *asked.parameters.values()]
    method.__name__ = make.__name__
    method.__qualname__ = make.__name__
    method.__doc__ = make.__doc__
    method.__signature__ = asked.replace(parameters=rows, return_annotation=answer)  # type: ignore[attr-defined]
    return method
