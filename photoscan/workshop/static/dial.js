// The risk as a dial: bands for the levels, a knob at the score, the number large enough for the last row.

import { h, icon, s } from './dom.js';
import { T, has, t } from './texts.js';

const BANDS = [['low', 0, 20], ['medium', 20, 45], ['high', 45, 75], ['critical', 75, 100]];
const [X, Y, R] = [100, 98, 80];

export function dial({ score, perhaps }, small = false) {
  const turn = `rotate(${1.8 * score - 180} ${X} ${Y})`;
  return h('div', { class: `dial level-${perhaps} ${small ? 'small' : ''}`, role: 'img', 'aria-label': t('html.score', { score }) },
    s('svg', { viewBox: '0 0 200 112', 'aria-hidden': 'true' },
      BANDS.map(([name, from, to]) => s('path', { class: `band ${name} ${name === perhaps ? 'on' : ''}`, d: arc(from + 0.8, to - 0.8) })),
      s('g', { transform: turn }, s('circle', { class: 'knob', cx: X + R, cy: Y, r: 10 })),
      s('text', { class: 'score', x: X, y: Y - 8 }, String(score)),
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
  if (report.level === 'none' && report.verdict === 'incomplete') {
    return h('section', { class: 'judgement unseen', 'aria-labelledby': 'level-h' },
      h('h2', { id: 'level-h', class: 'level level-medium' }, icon('high'), T('verdict.incomplete')));
  }
  const words = nothing ? t('workshop.nothing') : levelWords(report);
  const shape = report.level === 'none' ? 'none' : report.level;
  return h('section', { class: 'judgement', 'aria-labelledby': 'level-h' },
    dial(report),
    h('div', { class: 'words' },
      h('h2', { id: 'level-h', class: `level level-${report.level}` }, icon(shape), words),
      h('p', { class: `verdict ${report.verdict}` }, T(`verdict.${report.verdict}`)),
      nothing ? h('p', { class: 'quiet' }, t('workshop.nothing_note')) : null));
}

function arc(from, to) {
  const at = (score) => {
    const angle = Math.PI * (1 - score / 100);
    return `${(X + R * Math.cos(angle)).toFixed(2)} ${(Y - R * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${at(from)}A${R} ${R} 0 0 1 ${at(to)}`;
}
