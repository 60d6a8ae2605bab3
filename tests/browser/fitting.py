"""Does every text fit? Measured in the browser: nothing cut, nothing over the edge of its box or of the window."""

from __future__ import annotations

from typing import Any

UNFIT = """
() => {
  const SLACK = 1.5; // CSS pixels: letters lean over a little
  const TYPED = ':is(input:not([type]), [type=text], [type=search], [type=tel], [type=url], [type=email], select)';
  const found = [];
  const name = (e) => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '')
    + (e.dataset?.key ? `[data-key=${e.dataset.key}]` : '') + [...e.classList].map((one) => '.' + one).join('');
  const tell = (e, why, text) => found.push(`${name(e)}: ${why}: ${text.trim().replace(/\\s+/g, ' ').slice(0, 60)}`);
  const seen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const spoken = (e) => { // only for those who have the page read to them
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath === 'inset(50%)') return true;
      if (style.position === 'absolute' && at.getBoundingClientRect().right <= 0) return true;
    }
    return false;
  };
  const around = (e) => { // the boxes that a text has to stay in: the nearest one, and those that cut or scroll
    const boxes = [];
    let block = false;
    for (let at = e; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === 'contents') continue;
      const first = style.display !== 'inline' && !block;
      const across = style.overflowX !== 'visible' || first;
      const down = style.overflowY === 'hidden' || style.overflowY === 'clip';
      if (at !== document.body && (across || down)) boxes.push([at, at.getBoundingClientRect(), across, down]);
      block ||= first;
      if (style.position === 'fixed') break;
    }
    return boxes;
  };
  const over = (rect) => ([, box, across, down]) => (
    (across && (rect.left < box.left - SLACK || rect.right > box.right + SLACK))
    || (down && (rect.top < box.top - SLACK || rect.bottom > box.bottom + SLACK)));
  const measured = (e) => seen(e) && !spoken(e) && !e.closest('svg');

  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || e.matches('script, style, option, noscript') || !measured(e)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = around(e);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const edge = boxes.find(over(rect));
      const out = rect.left < -SLACK || rect.right > innerWidth + SLACK;
      if (out || edge) {
        tell(e, out ? 'out of the window' : `over the edge of ${name(edge[0])}`, node.data);
        break;
      }
    }
  }

  const pen = document.createElement('canvas').getContext('2d');
  const typed = (e, style) => {
    const choice = e.tagName === 'SELECT';
    const text = choice ? (e.selectedOptions[0]?.textContent ?? '') : e.value || e.placeholder || '';
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - (choice ? 16 : 0);
    if (pen.measureText(text).width > room + SLACK) tell(e, 'cut', text);
  };
  for (const e of document.body.querySelectorAll('*')) {
    if (!measured(e)) continue;
    const style = getComputedStyle(e);
    if (e.matches(TYPED)) typed(e, style);
    else if (['auto', 'scroll'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + SLACK) {
      tell(e, 'scrolls sideways', e.textContent);
    }
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) tell(document.documentElement, 'scrolls sideways', String(scrollWidth));
  return found;
}
"""
"""Gives a line for each element with a text that does not fit. What is there for screen readers alone is left out."""


def unfit(page: Any) -> list[str]:
    """The elements of a page whose texts are cut or stand over an edge, as 'element: why: text'."""
    found: list[str] = page.evaluate(UNFIT)
    return found


def assert_fits(page: Any, where: str = "") -> None:
    """Raise AssertionError for any text that does not fit; `where` tells the state of the page."""
    found = unfit(page)
    assert not found, f"{where}: {found}"
