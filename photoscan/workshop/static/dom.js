// Building elements without markup in strings: nothing that was read in a photo can ever become code.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with properties and children; null and false children are left out. */
export function h(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

/** The same in SVG. */
export function s(tag, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), properties, children);
}

function filled(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'css') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (typeof value === 'boolean' && name in element) element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replace what is in an element by what `make` gives; whoever had the focus there gets it back by its `data-key`. */
export function fill(element, make) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  element.replaceChildren(...[make()].flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

const PATHS = {
  low: ['M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z', 'M12 11v5', 'M12 7.5v.5'],
  medium: ['M12 2.5 21.5 12 12 21.5 2.5 12z', 'M12 8v5', 'M12 16v.300'],
  high: ['M12 3 22 20.5H2z', 'M12 9.5v5', 'M12 17.200v.300'],
  critical: ['M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z', 'M12 7v6', 'M12 16.5v.300'],
  none: ['M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z', 'M7.5 12.5l3 3 6-6.5'],
  check: ['M4.5 12.5l5 5L20 6.5'],
  photo: ['M3 6.5h4l2-2.5h6l2 2.5h4v13H3z', 'M12 9a4 4 0 1 0 0 8a4 4 0 1 0 0-8z'],
  eye: ['M2 12c5-8 15-8 20 0c-5 8-15 8-20 0z', 'M12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6z'],
  lock: ['M5 11h14v10H5z', 'M8 11V7.5a4 4 0 0 1 8 0V11'],
  moon: ['M20 14.5A8.5 8.5 0 1 1 9.5 4A7 7 0 0 0 20 14.5z'],
  sun: ['M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8z', 'M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600 19 19M5 19l1.400-1.400M17.600 6.400 19 5'],
  down: ['M12 3v13', 'M6.5 11l5.5 5.5L17.5 11', 'M4 21h16'],
  back: ['M20 12H4', 'M10.5 5.5L4 12l6.5 6.5'],
  next: ['M4 12h16', 'M13.5 5.5L20 12l-6.5 6.5'],
  print: ['M7 8V3h10v5', 'M7 17H3V8h18v9h-4', 'M7 14h10v7H7z'],
  bin: ['M4 6.5h16', 'M9 6.5V3.5h6v3', 'M6 6.5l1 14h10l1-14'],
  undo: ['M8 5L3.5 9.5 8 14', 'M4 9.5h10a6 6 0 0 1 0 11h-3'],
  screen: ['M3 4.5h18v12H3z', 'M12 16.5V21', 'M8 21h8', 'M10 8l4.500 2.500L10 13z'],
  notes: ['M5 3.5h14v17H5z', 'M8.500 8h7M8.500 12h7M8.500 16h4'],
  full: ['M4 9V4h5', 'M15 4h5v5', 'M20 15v5h-5', 'M9 20H4v-5'],
  keys: ['M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z', 'M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.700.300-1 .800-1 1.700', 'M12 17v.300'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  play: ['M8 5.500l10.500 6.500L8 18.500z'],
  pause: ['M8.500 5.500v13', 'M15.500 5.500v13'],
  fold: ['M6 9.500l6 6 6-6'],
  target: ['M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z', 'M12 8.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z', 'M12 1v4M12 19v4M1 12h4M19 12h4'],
  question: ['M8.5 9a3.600 3.600 0 1 1 5.300 3.200c-1.300.700-1.800 1.300-1.800 2.800', 'M12 18.500v.500'],
  file: ['M6 2.5h8.500L19 7v14.500H6z', 'M14 2.5V7.500h5', 'M9 12h6M9 16h6'],
  clock: ['M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z', 'M12 7.500V12l3 2.500'],
  bulb: ['M8.500 15.500a6.500 6.500 0 1 1 7 0V18h-7z', 'M9.500 21.500h5'],
  cup: ['M7 3.500h10V10a5 5 0 0 1-10 0z', 'M7 5.500H3.500c0 3.500 1 5 4 5.500M17 5.500h3.500c0 3.500-1 5-4 5.500', 'M12 15v3.500M8 21h8l-1-2.500H9z'],
  people: ['M9 4.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 1 0 0-7z', 'M2.500 20c0-8 13-8 13 0', 'M15.500 5a3.300 3.300 0 0 1 0 6.300M18 14.500c2.300.800 3.500 2.700 3.500 5.500'],
  globe: ['M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z', 'M3 12h18', 'M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18'],
  dice: ['M5 3.500h14a1.500 1.500 0 0 1 1.500 1.500v14a1.500 1.500 0 0 1-1.500 1.500H5A1.500 1.500 0 0 1 3.500 19V5A1.500 1.500 0 0 1 5 3.500z', 'M8.500 8.500v.010M15.500 8.500v.010M12 12v.010M8.500 15.500v.010M15.500 15.500v.010'],
  picture: ['M3 4.500h18v15H3z', 'M3 16l5-5 4 4 3.500-3.500L21 17', 'M15.500 8.500v.010'],
  camera: ['M3 7h4l2-3h6l2 3h4v13H3z', 'M12 9.500a4 4 0 1 0 0 8a4 4 0 1 0 0-8z'],
  arrows: ['M8 7l-5 5 5 5', 'M16 7l5 5-5 5'],
};

/** A drawn sign; it says nothing by itself to those who have the page read to them. */
export function icon(name, extra = '') {
  return drawn(PATHS[name], extra);
}

/** The same from paths that came with the data. */
export function drawn(lines, extra = '', css = {}) {
  const paths = lines.map((d) => s('path', { d }));
  return s('svg', { css, class: `icon ${extra}`, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, paths);
}
