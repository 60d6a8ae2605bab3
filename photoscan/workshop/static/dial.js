// The risk as a dial: bands for the levels, a knob at the score, the number large enough for the last row.

import { h, icon, s } from './dom.js';
import { T, has, t } from './texts.js';

const BANDS = [['low', 0, 20], ['medium', 20, 45], ['high', 45, 75], ['critical', 75, 100]];
const [X, Y, R] = [100, 98, 80];

/** What was not wholly looked at has a score that may only be too low: '34+', and open bands above it. */
export function dial({ score, perhaps, unseen }, small = false) {
  const turn = `rotate(${1.8 * score - 180} ${X} ${Y})`;
  const label = t(unseen ? 'workshop.score_least' : 'html.score', { score });
  return h('div', { class: `dial level-${perhaps} ${small ? 'small' : ''} ${unseen ? 'open' : ''}`, role: 'img', 'aria-label': label },
    s('svg', { viewBox: '0 0 200 112', 'aria-hidden': 'true' },
      BANDS.map(([name, from, to]) => s('path', { class: `band ${name} ${name === perhaps ? 'on' : ''} ${from >= score ? 'above' : ''}`, d: arc(from + 0.8, to - 0.8) })),
      s('g', { transform: turn }, s('circle', { class: 'knob', cx: X + R, cy: Y, r: 10 })),
      s('text', { class: 'score', x: X, y: Y - 8 }, `${score}${unseen ? '+' : ''}`),
      small ? [] : s('text', { class: 'of', x: X, y: Y + 9 }, t('workshop.of_100'))));
}

/** The level in words, and what it may be. */
export function levelWords({ level, perhaps }) {
  const words = T(`level.${level}`);
  const more = `level.perhaps.${perhaps}`;
  return perhaps !== level && has(more) ? t(more, { level: words }) : words;
}

/** The dial with its words and the advice. */
export function judgement(report, nothing) {
  // What was not seen is never called clean: without findings there is no score to show either.
  if (report.unseen && report.level === 'none') {
    return h('section', { class: 'judgement unseen', 'aria-labelledby': 'level-h' },
      h('h2', { id: 'level-h', class: 'level level-medium' }, icon('high'), T('verdict.incomplete')),
      gaps(report.detectors));
  }
  const words = nothing ? t('workshop.nothing') : levelWords(report);
  const shape = report.level === 'none' ? 'none' : report.level;
  return h('section', { class: 'judgement', 'aria-labelledby': 'level-h' },
    dial(report),
    h('div', { class: 'words' },
      h('h2', { id: 'level-h', class: `level level-${report.level}` }, icon(shape), words),
      h('p', { class: `verdict ${report.verdict}` }, T(`verdict.${report.verdict}`)),
      report.unseen && report.verdict !== 'incomplete' ? h('p', { class: 'verdict incomplete' }, T('verdict.incomplete')) : null,
      gaps(report.detectors),
      nothing ? h('p', { class: 'quiet' }, t('workshop.nothing_note')) : null));
}

/** What nobody could look for, and why; null where all that applies was looked for. */
export function gaps(detectors) {
  const left = skipped(detectors, (row) => row.status === 'failed' || ['not_installed', 'budget'].includes(row.reason));
  return left ? h('p', { class: 'gaps' }, icon('high'), h('span', {}, t('workshop.unseen', { what: left }))) : null;
}

/** Names of detectors that did not look, each reason with what it kept from being seen. */
export function skipped(detectors, which) {
  const reasons = new Map();
  for (const row of detectors.filter(which)) reasons.set(reason(row), [...(reasons.get(reason(row)) ?? []), t(`detector.${row.name}`)]);
  return [...reasons].map(([key, names]) => `${names.join(', ')} (${t(key)})`).join('; ');
}

function reason(row) {
  return ['requested', 'not_applicable', 'not_installed', 'budget'].includes(row.reason) ? `reason.${row.reason}` : 'reason.failed';
}

function arc(from, to) {
  const at = (score) => {
    const angle = Math.PI * (1 - score / 100);
    return `${(X + R * Math.cos(angle)).toFixed(2)} ${(Y - R * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${at(from)}A${R} ${R} 0 0 1 ${at(to)}`;
}
