// Moving a card with mouse, pen or finger. Whoever only taps it gets a click, as always.

const FAR = 8; // pixels from which a press is a move

/** Let `element` be dragged. `over(target)` is told each element below it, `drop(target)` the last; `target` may be null. */
export function draggable(element, find, { over, drop }) {
  let from = null;
  let moving = false;
  const below = (event) => {
    element.style.pointerEvents = 'none';
    const found = document.elementFromPoint(event.clientX, event.clientY);
    element.style.pointerEvents = '';
    return find(found);
  };
  const end = () => {
    from = null;
    moving = false;
    element.classList.remove('dragged');
    element.style.removeProperty('transform');
    over(null);
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = [event.clientX, event.clientY];
  });
  element.addEventListener('pointermove', (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
    if (!moving && Math.hypot(x, y) < FAR) return;
    if (!moving) {
      moving = true;
      element.setPointerCapture(event.pointerId);
      element.classList.add('dragged');
    }
    element.style.transform = `translate(${x}px, ${y}px) rotate(-1.5deg)`;
    over(below(event));
  });
  element.addEventListener('pointerup', (event) => {
    if (!moving) {
      from = null;
      return;
    }
    const target = below(event);
    end();
    // What follows a move is no click.
    addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true });
    setTimeout(() => drop(target), 0);
  });
  element.addEventListener('pointercancel', end);
}
