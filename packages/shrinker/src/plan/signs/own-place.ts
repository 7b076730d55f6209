import type { ImageTree } from '@keepset/image-tree';
import { parentFolder } from '../../source/parent-folder.js';

/** What distributions fill. @see hier(7) */
const SYSTEM: ReadonlySet<string> = new Set(
  'bin boot dev etc lib lib32 lib64 libx32 media mnt proc run sbin snap sys tmp usr var'.split(' '),
);
/** Of which each folder is a place by itself. */
const SHELVES: ReadonlySet<string> = new Set(['/opt', '/home', '/usr/src']);
/** What servers call the folders of the pages that they are there for. */
const PAGES = /^(?:\/[^/]+)*?\/(?:html|htdocs|www|wwwroot|webapps|public_html)(?=\/|$)/;

/**
 * Where an image has what is its own, and comes from no distribution: the folder, `/` for a file directly there,
 * undefined for a path in the system's folders.
 *
 * @param workingDirectory  WORKDIR; it is such a place unless the system fills it
 * @example ownPlace('/srv/shop/app.py', '/') // '/srv'
 * @example ownPlace('/usr/share/nginx/html/index.html', '/') // '/usr/share/nginx/html'
 */
export function ownPlace(path: string, workingDirectory: string): string | undefined {
  const folder = parentFolder(path);
  if (folder === '/') return '/';
  if (isDeep(workingDirectory) && isIn(folder, workingDirectory)) return workingDirectory;
  const [pages] = PAGES.exec(folder) ?? [];
  const [, first = '', second = '', third = ''] = path.split('/');
  for (const shelf of [`/${first}`, `/${first}/${second}`]) {
    if (!SHELVES.has(shelf)) continue;
    const place = `${shelf}/${shelf === `/${first}` ? second : third}`;
    return isIn(folder, place) ? place : undefined;
  }
  return SYSTEM.has(first) ? pages : `/${first}`;
}

/** WORKDIR in a folder that a distribution fills is no place of the image's own, unless it is a folder below these. */
function isDeep(path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.length > (SYSTEM.has(parts[0] ?? '') ? 2 : 0) && parts[0] !== 'etc';
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Software that was unpacked in a folder of its own, as archives of Java or Node.js are: nobody's own files. */
export function isUnpackedSoftware(folder: string, tree: ImageTree): boolean {
  const has = (name: string) => tree.get(`${folder}/${name}`)?.type === 'directory';
  if (tree.has(`${folder}/pyvenv.cfg`)) return true;
  if (!has('bin') || !has('lib')) return false;
  return parentFolder(folder) === '/opt' || ['include', 'share', 'legal', 'jmods', 'libexec'].some(has);
}
