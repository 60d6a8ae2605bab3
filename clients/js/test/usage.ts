// Checked by tsc alone: what a user of the types writes.

import {PhotoscanClient, PhotoscanError, type Checked, type Finding} from '../src/client.js';
import '../src/element.js';

const service = new PhotoscanClient('http://127.0.0.1:8000', {retries: 1});

export async function titles(photo: Blob): Promise<string[]> {
  const check: Checked = await service.check(photo, {copy: true, lang: 'pt-BR', tiers: true});
  if (check.decision === 'allow') return [];
  const preview: Blob | null | undefined = check.copy?.preview;
  const found: Finding[] = check.report.findings;
  return [...found.map(({kind}) => check.kinds?.[kind]?.title ?? kind), String(preview?.size)];
}

export async function passes(photo: Uint8Array): Promise<boolean> {
  try {
    return (await service.gate(photo, {review: 'pass'})).passes;
  } catch (error) {
    return error instanceof PhotoscanError && error.unseen;
  }
}

document.querySelector('photoscan-check')?.addEventListener('photoscan-decided', ({detail}) => {
  const {file, which}: {file: File; which: 'original' | 'copy'} = detail;
  console.log(file.size, which);
});

// @ts-expect-error there is no such language
void service.check(new Blob(), {lang: 'xx'});
