import type { ImageConfig } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import type { KeepPlan } from '@keepset/keep-planner';
import { toBytes } from '../../source/byte-string.js';
import { parentFolder } from '../../source/parent-folder.js';
import { ownPlace } from './own-place.js';
import { pathFolders } from './path-folders.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** A longer one is no entrypoint. */
export const SCRIPT_BYTES_MAX = 64 * 1024;
const SCRIPTS_MAX = 200;

/** Folders whose scripts are run one after the other: /docker-entrypoint.d, /etc/cont-init.d, … */
const ONE_BY_ONE = /(?:\.d|entrypoint[^/]*|init[^/]*)$/;
const SHELL =
  /^#![ \t]*(?:\S*\/)?(?:env[ \t]+(?:-\S+[ \t]+)*)?(?:\S*\/)?(?:busybox[ \t]+)?(?:sh|bash|dash|ash|ksh|mksh)(?:[ \t]|$)/;
/** Of scripts that others read: they need no first line of their own. */
const SHELL_NAME = /\.(?:sh|bash|envsh)$/;

/**
 * The files that may be scripts of the image's own: those that were executed, and what was used beside them in a folder
 * whose scripts are run one after the other. Scripts of packages take care of more than one image can need, and are
 * not looked at.
 *
 * @returns real paths, sorted
 */
export function ownScriptFiles({
  plan,
  tree,
  config,
  isOwned,
}: Pick<ShrinkFacts, 'tree' | 'config' | 'isOwned'> & { readonly plan: KeepPlan }): readonly string[] {
  const isOwn = (path: string) => !isOwned(path) && isShort(path, tree) && isEntryPlace(path, config);
  const executed = plan.executed.filter(isOwn);
  const folders = new Set(executed.map(parentFolder).filter((folder) => ONE_BY_ONE.test(folder)));
  const beside = [...folders].flatMap((folder) =>
    [...tree.children(folder)].map(({ path }) => path).filter((path) => plan.kept.has(path) && isOwn(path)),
  );
  return [...new Set([...executed, ...beside])].sort().slice(0, SCRIPTS_MAX);
}

/** In a folder of the image's own, or directly in one of PATH: where software is installed whole, nothing is meant. */
function isEntryPlace(path: string, config: ImageConfig): boolean {
  const folder = parentFolder(path);
  return (
    pathFolders(config).includes(folder) ||
    ONE_BY_ONE.test(folder) ||
    ownPlace(path, toBytes(config.WorkingDir ?? '')) !== undefined
  );
}

function isShort(path: string, tree: ImageTree): boolean {
  const entry = tree.get(path);
  return entry?.type === 'file' && entry.sizeBytes > 0 && entry.sizeBytes <= SCRIPT_BYTES_MAX;
}

/** Whether a file is one of a shell, by its first line or, where others read it, by its name. */
export function isShellScript(path: string, text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  return SHELL.test(first) || (!first.startsWith('#!') && !text.includes('\0') && SHELL_NAME.test(path));
}
