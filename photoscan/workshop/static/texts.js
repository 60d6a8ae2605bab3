// Texts by key, from the same catalogues as the reports, in the language that is chosen.

const catalogues = new Map();
let rows = {};
let learned = {};
export let language = 'en';

/** Speak another language from now on. */
export async function speak(wanted) {
  if (!catalogues.has(wanted)) {
    const answer = await fetch(`/api/texts/${wanted}`);
    if (!answer.ok) throw new Error('no catalogue');
    catalogues.set(wanted, await answer.json());
  }
  rows = catalogues.get(wanted);
  language = wanted;
  document.documentElement.lang = wanted;
}

/** Texts that came with news, by language and key: from now on these, and no others. */
export function learn(said) {
  learned = said;
}

/**
 * The text for a key, its {placeholders} filled; the key itself where there is none. Where `count` takes the singular in
 * this language and there is a text for `<key>.one`, it is that one, as in catalog.py.
 */
export function t(key, values = {}) {
  const one = `${key}.one` in rows && new Intl.PluralRules(language).select(values.count) === 'one';
  return (rows[one ? `${key}.one` : key] ?? learned[language]?.[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export function has(key) {
  return key in rows;
}

/** A text that stands at the beginning. */
export function T(key, values) {
  return capital(t(key, values));
}

export function capital(text) {
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

export function number(value, digits = 0) {
  return value.toLocaleString(language, { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** A file's size in words. */
export function size(bytes) {
  return bytes < 1e6 ? `${number(Math.max(1, bytes / 1e3))}\u00a0kB` : `${number(bytes / 1e6, 1)}\u00a0MB`;
}
