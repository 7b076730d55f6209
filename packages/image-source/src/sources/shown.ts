import { posix } from 'node:path';
import { type LinkReader, resolvePath } from '@keepset/symlink-resolver';
import { COVERED_FOLDERS, COVERED_PATHS } from '@keepset/toolbox';
import type { EntryFacts, SourceConfig } from '../image-source.js';

/** What containers show of an image: the part that every engine, and a reader without one, can tell alike. */
export interface Shown {
  /** Where volumes are mounted, really; sorted. */
  readonly volumes: readonly string[];
  /** Seconds since 1970 that stand for the times of folders that engines renew: the image's creation. */
  readonly createdSeconds: number;
  /** What engines make new, or cover: the same whoever read it. */
  settle<T extends Settled>(entry: T): T;
}

/** What of an entry its time depends on. */
export type Settled = Pick<EntryFacts, 'type' | 'mtimeSeconds'> & {
  readonly path: string;
  readonly mtimeNanoseconds?: number;
};

/** In them every engine makes entries of its own. */
const TOUCHED_FOLDERS: readonly string[] = ['/', '/etc', '/dev'];

/**
 * @param links  of the image
 */
export async function readShown({ created, config }: SourceConfig, links: LinkReader): Promise<Shown> {
  // Others write null where they have nothing to say.
  const named = Object.keys((config?.Volumes as object | null | undefined) ?? {});
  const volumes = (await Promise.all(named.map((volume) => realVolume(volume, links)))).toSorted();
  const createdSeconds = Math.max(0, Math.floor((Date.parse(created ?? '') || 0) / 1000));
  const isRenewed = (path: string) =>
    TOUCHED_FOLDERS.includes(path) ||
    // A volume gets a copy of what the image has there, with new folders, and folders on the way to it.
    volumes.some((volume) => `${path}/`.startsWith(`${volume}/`) || volume.startsWith(`${path}/`));
  return {
    volumes,
    createdSeconds,
    settle(entry) {
      const { path, type, mtimeSeconds, mtimeNanoseconds } = entry;
      if (type !== 'directory') return entry;
      const part = mtimeNanoseconds === undefined ? {} : { mtimeNanoseconds: 0 };
      if (isRenewed(path)) return { ...entry, mtimeSeconds: createdSeconds, ...part };
      // Of those that engines cover they tell whole seconds.
      if (COVERED_FOLDERS.includes(path))
        return { ...entry, mtimeSeconds: Math.floor(mtimeSeconds), ...part };
      return entry;
    },
  };
}

/** Whether engines cover a path in every container. */
export function isCovered(path: string): boolean {
  return COVERED_PATHS.some((covered) => path === covered || path.startsWith(`${covered}/`));
}

/** Through the links on the way, also where the engine has to make it. */
async function realVolume(text: string, links: LinkReader): Promise<string> {
  const path = posix.normalize(`/${Buffer.from(text).toString('latin1')}`).replace(/(?<=.)\/$/, '');
  const names = path.split('/').filter((name) => name !== '');
  let real = '/';
  // From the root on: of a path of a thousand folders mostly none is there.
  for (const [index, name] of names.entries()) {
    const found = await resolvePath({ path: posix.join(real, name) }, links);
    if (found.failure !== undefined) return posix.join(real, ...names.slice(index));
    real = found.path;
  }
  return real;
}
