import { resolveTogether } from '../closure/resolve-together.js';
import type { Keeping } from '../plan/keeping.js';

/** What people's terminals call themselves, and what they are called where there is none. */
const USUAL: readonly string[] = [
  'ansi',
  'dumb',
  'linux',
  'screen',
  'screen-256color',
  'tmux',
  'tmux-256color',
  'vt100',
  'xterm',
  'xterm-256color',
];

/** Where ncurses looks besides. */
const FOLDERS: readonly string[] = ['/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo'];

/** An entry lies in a folder named by its first letter, or by that letter in hexadecimal. */
const ENTRY = /^(.*\/terminfo)\/(?:[^/]|[0-9a-f]{2})\/[^/]+$/;

/**
 * Where the description of a terminal stays, keep those of the usual ones: which is looked up follows from TERM, and so
 * from the terminal of whoever runs the result.
 *
 * @see terminfo(5), "Fetching Compiled Descriptions"
 */
export async function keepTerminals({ source, ends }: Keeping): Promise<void> {
  const used = new Map<string, string>();
  for (const { path, crossed } of ends.sorted()) {
    for (const place of [path, ...crossed]) {
      const [, folder] = ENTRY.exec(place) ?? [];
      if (folder !== undefined && !used.has(folder)) used.set(folder, path);
    }
  }
  const [from] = used.values();
  if (from === undefined) return;
  const places = [...new Set([...used.keys(), ...FOLDERS])].flatMap((folder) =>
    USUAL.flatMap((name) => {
      const letter = name.charAt(0);
      return [letter, letter.charCodeAt(0).toString(16)].map((initial) => `${folder}/${initial}/${name}`);
    }),
  );
  const [resolutions = []] = await resolveTogether([places.map((path) => ({ path }))], source);
  for (const resolution of resolutions) {
    if (resolution.failure === undefined) ends.add(resolution, [{ kind: 'rule', rule: 'terminal', from }]);
  }
}
