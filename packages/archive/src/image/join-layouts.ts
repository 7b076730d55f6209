import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Make one OCI image layout of several: what two of them have is there once. What is docker's own in them is joined as
 * well.
 *
 * @param layouts      folders beside the destination, which go; each has blobs of SHA-256 alone
 * @param destination  a folder that is not there yet
 * @see OCI image specification, "Image Layout"
 */
export async function joinLayouts(layouts: readonly string[], destination: string): Promise<void> {
  const [first, ...others] = layouts;
  if (first === undefined) return;
  await rename(first, destination);
  if (others.length === 0) return;
  const all = [destination, ...others];
  const index = await readJson<ImageIndex>(join(destination, INDEX));
  const manifests = await Promise.all(all.map(async (each) => await readJson<ImageIndex>(join(each, INDEX))));
  const images = await Promise.all(all.map(async (each) => await readJson<unknown[]>(join(each, IMAGES))));
  const whole = { ...index, manifests: once(manifests.flatMap((each) => each.manifests)) };
  await writeFile(join(destination, INDEX), JSON.stringify(whole));
  await writeFile(join(destination, IMAGES), JSON.stringify(once(images.flat())));
  await mkdir(join(destination, BLOBS), { recursive: true });
  for (const layout of others) {
    for (const name of await readdir(join(layout, BLOBS)))
      await rename(join(layout, BLOBS, name), join(destination, BLOBS, name));
    await rm(layout, { recursive: true });
  }
}

interface ImageIndex {
  readonly manifests: readonly unknown[];
}

const INDEX = 'index.json';
/** Docker's. */
const IMAGES = 'manifest.json';
const BLOBS = 'blobs/sha256';

async function readJson<Value>(file: string): Promise<Value> {
  return JSON.parse(await readFile(file, 'utf8')) as Value;
}

function once(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
