import type {Album, Check, Receipt} from './openapi.js';

export type {Album, Check, Finding, Receipt, Report} from './openapi.js';
export type Photo = Blob | ArrayBuffer | Uint8Array;
export type Language = 'en' | 'ms' | 'id' | 'pt-BR' | 'zh-Hans' | 'ta';
export type Profile = 'fast' | 'balanced' | 'thorough';
export type Decision = Check['decision'];

export interface ProblemDocument {
  type?: string;
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  instance?: string;
}

/** The service could not be reached (`status` 0, `code` 'unreachable'), or answered with a problem (RFC 9457). */
export class PhotoscanError extends Error {
  constructor(message: string, about?: {status?: number; problem?: ProblemDocument; retryAfter?: number; cause?: unknown});
  readonly status: number;
  readonly code: string;
  readonly problem: ProblemDocument;
  /** Seconds after which to ask again. */
  readonly retryAfter?: number;
  /** Whether nobody has looked at the photo: it may wait, or pass unseen. */
  get unseen(): boolean;
}

export interface Asked {
  policy?: string;
  lang?: Language;
  signal?: AbortSignal;
}
export interface Looked extends Asked {
  /** How thoroughly to look, instead of the service's own way. */
  profile?: Profile;
  /** Kinds, separated by commas: 'metadata'. */
  only?: string;
  /** In steps, as far as the decision needs. */
  tiers?: boolean;
  /** Text that is shared with the photo. */
  caption?: string;
  /** The file's name, by default that of a File: a name can be telling, too. */
  name?: string;
}
export interface CheckOptions extends Looked {
  /** Bring a safe copy where the decision is not to allow. */
  copy?: boolean;
  idempotencyKey?: string;
}
export interface GateOptions extends Looked {
  /** What becomes of a photo that somebody should look at. */
  review?: 'stop' | 'pass';
}
export interface AlbumOptions extends Asked {
  /** Text that is shared with the photos. */
  caption?: string;
}
export interface TextOptions extends Asked {
  idempotencyKey?: string;
}
export interface CleanOptions extends Asked {
  metadataOnly?: boolean;
  redact?: string;
  redactPossible?: boolean;
  style?: string;
  keep?: string;
  remove?: string;
  coarsenGps?: 'city' | 'country';
  to?: string;
  /** Further regions to hide: x, y, width, height in pixels of the upright photo. */
  boxes?: [number, number, number, number][];
  name?: string;
  /** That of the check before, if there was one: what it saw is then not looked for again. */
  caption?: string;
}
export interface SafeCopy {
  /** Of the copy itself, by the same policy: it may show what the policy does not hide. */
  decision: Decision | null;
  photo: Blob;
  media_type: string;
  /** The copy as a JPEG of at most 1024 pixels a side. */
  preview: Blob | null;
  receipt: Receipt;
}
export type Checked = Omit<Check, 'copy'> & {copy?: SafeCopy | null};

export interface ClientOptions {
  /** An API key. Never in a page: let your own server add it. */
  key?: string;
  /** Milliseconds for one attempt. */
  timeout?: number;
  /** How often a photo is sent again when the service says that it is full, starting or lost a worker. */
  retries?: number;
  /** Milliseconds after the first attempt in which another one may begin. */
  patience?: number;
  fetch?: typeof fetch;
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Speaks to one service. Every method rejects with a PhotoscanError, or with the reason of its `signal`. */
export class PhotoscanClient {
  constructor(url: string, how?: ClientOptions);
  check(photo: Photo, options?: CheckOptions): Promise<Checked>;
  gate(photo: Photo, options?: GateOptions): Promise<{passes: boolean; decision: Decision; check: Check | null}>;
  checkText(text: string, options?: TextOptions): Promise<Check>;
  album(photos: Photo[], options?: AlbumOptions): Promise<Album>;
  clean(photo: Photo, options?: CleanOptions): Promise<{photo: Blob; decision: Decision | null; receipt: Receipt}>;
  ready(): Promise<boolean>;
}
