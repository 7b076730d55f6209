import type { Engine } from '@keepset/docker-engine';
import { ensureBase } from '../../test-fixtures/images.ts';

/** An image of many empty files, or of many bytes. */
export type LargeImage = { readonly entries: number } | { readonly gigabytes: number };

const FILES_PER_FOLDER = 1000;
const MEGABYTES_PER_FILE = 100;
/** A layer is written twice while it is made: of several, the disk holds one more. */
const GIGABYTES_PER_LAYER = 4;

/** Build it, whatever was built before. @returns its name */
export async function buildLargeImage(engine: Engine, image: LargeImage): Promise<string> {
  const base = await ensureBase(engine);
  const tag =
    'entries' in image ? `keepset-scale:entries-${image.entries}` : `keepset-scale:${image.gigabytes}g`;
  const lines = 'entries' in image ? [manyFiles(image.entries)] : manyBytes(image.gigabytes);
  const dockerfile = `FROM ${base}\n${lines.map((line) => `RUN ${line}\n`).join('')}`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], { tag });
  return tag;
}

function manyFiles(entries: number): string {
  const folders = Math.max(1, Math.round(entries / FILES_PER_FOLDER));
  return `for d in $(seq ${folders}); do mkdir -p /scale/$d && cd /scale/$d && seq -f file-%g ${FILES_PER_FOLDER} | xargs touch; done`;
}

/** Real bytes: the disk holds each. */
function manyBytes(gigabytes: number): readonly string[] {
  const layers = Math.ceil(gigabytes / GIGABYTES_PER_LAYER);
  const first = `mkdir /scale && head -c ${MEGABYTES_PER_FILE}M /dev/urandom > /scale/first`;
  const perLayer = Math.round((gigabytes * 1000) / MEGABYTES_PER_FILE / layers);
  const copies = Array.from(
    { length: layers },
    (_, layer) => `for n in $(seq ${perLayer}); do cp --reflink=never /scale/first /scale/${layer}-$n; done`,
  );
  return [first, ...copies];
}
