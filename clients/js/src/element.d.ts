import type {Checked, Decision, PhotoscanError} from './client.js';

export interface DecidedDetail {
  /** What is sent with the form. */
  file: File;
  which: 'original' | 'copy';
  decision: Decision;
}

/**
 * A file input that asks a photoscan service of your own.
 *
 * Attributes: `name`, `required`, `disabled`, `accept`, `label`; `endpoint` (default '/photoscan'); `policy`; `caption`;
 * `post-anyway` ('review' by default, or 'never'); `otherwise` ('closed' by default, or 'open': what nobody could look at
 * is sent); `theme` ('light', 'dark'); `lang`, by default that of the page.
 *
 * Events: `photoscan-checked` ({decision, check}), `photoscan-decided` (DecidedDetail), `photoscan-failed` ({error}),
 * `change`.
 */
export class PhotoscanCheck extends HTMLElement {
  readonly value: File | null;
  readonly form: HTMLFormElement | null;
  readonly name: string | null;
  readonly validity: ValidityState;
  checkValidity(): boolean;
  reportValidity(): boolean;
  reset(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'photoscan-check': PhotoscanCheck;
  }
  interface HTMLElementEventMap {
    'photoscan-checked': CustomEvent<{decision: Decision; check: Checked}>;
    'photoscan-decided': CustomEvent<DecidedDetail>;
    'photoscan-failed': CustomEvent<{error: PhotoscanError}>;
  }
}
