import type { Container } from '@keepset/docker-engine';
import { TOOLBOX_FOLDER } from '../toolbox-layout.js';
import type { LinkAnswer } from './link-answer.js';
import { COVERED_PATHS, type OwnEntry, readBeforeStart, readOwnEntries } from './own-entries.js';

/** What of its image a running container does not show. */
export interface CoveredPaths {
  /** At these paths, and below them, the engine shows what it made or mounted. */
  readonly paths: readonly string[];
  /** What the image itself has there. */
  readonly ownEntries: ReadonlyMap<string, OwnEntry>;
  /** The image's own times of folders that a start renews; the time of no other folder is known. */
  readonly folderTimes: ReadonlyMap<string, Date>;
}

/**
 * Learn what the start of a container will cover.
 *
 * @param container  not started yet
 * @param isDocker   Docker makes its entries with the container, other engines when it starts
 */
export async function readCoveredPaths(container: Container, isDocker: boolean): Promise<CoveredPaths> {
  const ownEntries = await readOwnEntries(container);
  const { made, times } = isDocker ? NOTHING_ON_START : await readBeforeStart(container);
  return { paths: [...COVERED_PATHS, ...made, TOOLBOX_FOLDER], ownEntries, folderTimes: times };
}

const NOTHING_ON_START = { made: [], times: new Map<string, Date>() };

/**
 * What the image has at a path where the container does not show it.
 *
 * @returns undefined where the container does
 */
export function answerCovered({ paths, ownEntries }: CoveredPaths, path: string): LinkAnswer | undefined {
  const covered = paths.find((one) => path === one || path.startsWith(`${one}/`));
  if (covered === undefined) return undefined;
  const own = ownEntries.get(covered);
  if (own === undefined || path !== covered) return { kind: 'missing' };
  if (own.header.type === 'symlink') return { kind: 'link', target: own.header.linkname ?? '' };
  return { kind: own.header.type === 'directory' ? 'directory' : 'other' };
}
