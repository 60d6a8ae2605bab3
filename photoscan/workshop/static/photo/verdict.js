// What a copy still shows, and the headline that follows from it.

import { numbered, state } from '../state.js';
import { t } from '../texts.js';

/** What the copy still shows, with its numbers. */
export function remaining() {
  return shown().filter((finding) => !isFaint(finding));
}

/** What is so uncertain that it is only counted until somebody asks for more; nothing is claimed of it. */
export function uncertain() {
  return shown().filter(isFaint);
}

/** What is not even proposed to be covered. */
function isFaint(finding) {
  return finding.folded && !finding.hide;
}

function shown() {
  const ids = new Set(state.copy.left);
  return numbered().filter((finding) => ids.has(finding.id));
}

/** The headline: ready is only what was wholly looked at and shows nothing more. */
export function title(copy = state.copy, left = remaining()) {
  const sure = left.filter((finding) => finding.likely);
  if (sure.length) return t('workshop.still_title', { what: names(counted(sure)) });
  if (left.length) return t('workshop.perhaps_title', { what: names(counted(left)) });
  return t(copy.after.unseen ? 'workshop.unsure_title' : 'workshop.safe_title');
}

/** How many of each kind: [{name, count}]. */
export function counted(findings) {
  const kinds = new Map();
  for (const { kind } of findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [...kinds].map(([name, count]) => ({ name, count }));
}

/** Such rows in words. */
export function names(rows) {
  return rows.map(({ name, count }) => `${t(`kind.${name}.title`)}${count > 1 ? ` × ${count}` : ''}`).join(', ');
}
