// Moving a card with mouse, pen or finger. Whoever only taps it gets a click, as always.

const FAR = 8; // pixels from which a press is a move

/**
 * Let `element` be dragged. `find` gives the target for an element of the page, or null; `over(target)` is told what lies
 * below it, `drop(target)` where it was let go.
 */
export function draggable(element, find, { over, drop }) {
  let from = null;
  let moving = false;
  const below = (event) => {
    element.style.pointerEvents = 'none';
    const found = document.elementFromPoint(event.clientX, event.clientY);
    element.style.removeProperty('pointer-events');
    return find(found);
  };
  const end = () => {
    from = null;
    element.classList.remove('dragged');
    element.style.removeProperty('transform');
    over(null);
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = [event.clientX, event.clientY];
    moving = false;
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
    if (!moving && Math.hypot(x, y) < FAR) return;
    moving = true;
    element.classList.add('dragged');
    element.style.transform = `translate(${x}px, ${y}px) rotate(-1.5deg)`;
    over(below(event));
  });
  element.addEventListener('pointerup', (event) => {
    const target = moving && from ? below(event) : null;
    end();
    if (target) setTimeout(() => drop(target), 0); // after the click that follows
  });
  element.addEventListener('pointercancel', end);
  element.addEventListener('click', (event) => {
    if (!moving) return;
    moving = false;
    event.stopImmediatePropagation(); // the end of a move is no click
  }, { capture: true });
}
