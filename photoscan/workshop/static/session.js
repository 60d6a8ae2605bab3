// What outlives a reload: the photo's unguessable name and what was chosen, kept by the browser for this tab. No values.

import { json } from './server.js';
import { state } from './state.js';

const KEY = 'photoscan';
const tabs = new BroadcastChannel(KEY);

/** Keep what there is now. */
export function keep() {
  const { id, report, hide, only, guess, guessing, copy, spoken, presenting, noted } = state;
  const photo = id && report ? { id, hide: [...hide], only, guessing, made: copy ? [...copy.made] : null, seen: copy?.visible.map((finding) => finding.id) } : null;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ photo, guess, spoken, presenting, noted }));
  } catch {
    // A browser that keeps nothing: a reload begins anew.
  }
}

/** The language that somebody chose before the page was loaded again; null where nobody did, or there is none such. */
export function chosen() {
  const { spoken } = kept();
  state.spoken = state.start.languages.some(({ code }) => code === spoken) ? spoken : null;
  return state.spoken;
}

/** Take up what was kept. Gives whether a photo was, and is gone. */
export async function restore() {
  const { photo, guess = false, presenting = false, noted = false } = kept();
  Object.assign(state, { guess: guess === true, presenting: presenting === true, noted: noted === true });
  if (!photo) return false;
  try {
    take(photo, await json(`/api/photos/${encodeURIComponent(photo.id)}`));
    return false;
  } catch {
    return true;
  }
}

/** A photo as the program tells of it, with what was chosen. */
export function take({ id, hide, only, guessing, made, seen }, { photo, shown, findings, report, copy }) {
  const known = new Map(findings.map((finding) => [finding.id, finding]));
  for (const finding of copy?.left ?? []) if (known.has(finding.id)) known.get(finding.id).new = finding.new;
  Object.assign(state, {
    id, photo, shown, findings, report, only: only === true, guessing: guessing === true,
    hide: new Set((hide ?? []).filter((one) => known.has(one))),
    ended: new Map(report.detectors.map((row) => [row.name, row.status])),
    // When its cards came in nobody remembers: they are there.
    arrived: new Map(findings.map((finding) => [finding.kind, -Infinity])),
    flown: new Set(known.keys()),
    copy: copy && made ? { ...copy, made: new Set(made), visible: (seen ?? []).map((one) => known.get(one)).filter(Boolean), left: copy.left.map((finding) => finding.id) } : null,
  });
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** Tell other tabs that a photo was forgotten. */
export function tell(id) {
  tabs.postMessage(id);
}

/** Call `what` when another tab forgot the photo that lies here. */
export function onForgotten(what) {
  tabs.onmessage = ({ data }) => {
    if (state.id !== null && data === state.id) what();
  };
}
