// The risk as a dial: bands for the levels, a knob at the score, the number large enough for the last row.

import { h, icon, s } from '../dom.js';
import { capital, language, t } from '../texts.js';

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

/** The level in words, as the program says it everywhere. */
export function levelWords({ decision }) {
  return capital(decision[language].level);
}

/** The dial with its words and the advice: the decision that every other way to look at a photo tells too. */
export function judgement(report) {
  const { level, advice, nothing, caveat, notices } = report.decision[language];
  // What was not seen is never called clean: without findings there is no score to show either.
  if (report.unseen && report.level === 'none') {
    return h('section', { class: 'judgement unseen', 'aria-labelledby': 'level-h' },
      h('h2', { id: 'level-h', class: 'level level-medium' }, icon('high'), `${capital(level)}: ${advice}`),
      gaps(report.detectors));
  }
  return h('section', { class: 'judgement', 'aria-labelledby': 'level-h' },
    dial(report),
    h('div', { class: 'words' },
      h('h2', { id: 'level-h', class: `level level-${report.level}` }, icon(report.level), nothing ? t('workshop.nothing') : capital(level)),
      h('p', { class: `verdict ${report.tone}` }, capital(advice)),
      notices.map((notice) => h('p', { class: 'notice' }, notice)),
      gaps(report.detectors),
      caveat ? h('p', { class: 'quiet' }, caveat) : null));
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
