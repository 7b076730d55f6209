import type { ImageConfig } from '@keepset/docker-engine';
import { toBytes } from '../../source/byte-string.js';

/** The engine's own, for an image that sets none. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The folders of PATH, as an image sets it: absolute byte strings. */
export function pathFolders({ Env }: Pick<ImageConfig, 'Env'>): readonly string[] {
  const path = (Env ?? []).find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length);
  return toBytes(path ?? DEFAULT_PATH)
    .split(':')
    .filter((folder) => folder.startsWith('/'));
}
