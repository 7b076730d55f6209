import type { Container } from '@keepset/docker-engine';
import { TOOLBOX_FOLDER } from '../toolbox-layout.js';
import type { LinkAnswer } from './link-answer.js';
import {
  type BeforeStart,
  COVERED_PATHS,
  type OwnFolder,
  readBeforeStart,
  readOwnFolders,
} from './own-folders.js';

/** What of its image a running container does not show. */
export interface CoveredPaths {
  /** At these paths, and below them, the engine shows what it made or mounted. */
  readonly paths: readonly string[];
  /** Those at which the image itself has a folder. */
  readonly ownFolders: ReadonlyMap<string, OwnFolder>;
  /** Folders that the engine shows, but for their times. */
  readonly touchedFolders: ReadonlyMap<string, OwnFolder>;
}

/**
 * Learn what the start of a container will cover.
 *
 * @param container  not started yet
 * @param isDocker   Docker makes its entries with the container, other engines when it starts
 */
export async function readCoveredPaths(container: Container, isDocker: boolean): Promise<CoveredPaths> {
  const ownFolders = await readOwnFolders(container);
  const { made, touched } = isDocker ? NOTHING_ON_START : await readBeforeStart(container);
  const paths = [...COVERED_PATHS, ...made, TOOLBOX_FOLDER];
  return { paths, ownFolders, touchedFolders: touched };
}

const NOTHING_ON_START: BeforeStart = { made: [], touched: new Map() };

/**
 * What the image has at a path where the container does not show it.
 *
 * @returns undefined where the container does
 */
export function answerCovered({ paths, ownFolders }: CoveredPaths, path: string): LinkAnswer | undefined {
  const covered = paths.find((one) => path === one || path.startsWith(`${one}/`));
  if (covered === undefined) return undefined;
  return { kind: path === covered && ownFolders.has(path) ? 'directory' : 'missing' };
}
