import { createHash } from 'node:crypto';
import type { Engine } from '@keepset/docker-engine';
import type { GeneratedEntry } from '@keepset/inventory';
import type { Manifest } from '@keepset/manifest';

/** What an export tells of one path. */
export interface ExportedEntry {
  readonly type: string;
  readonly mode: number;
  readonly owner: string;
  readonly mtimeSeconds: number;
  readonly linkTarget?: string;
  /** sha256 of its content; for files only. */
  readonly content?: string;
}

/** What engines make or cover in every container, a started one or not; see the tests of the toolbox for the image's own. */
const ENGINES_OWN = /^\/(\.dockerenv|dev\/.*|proc|sys|etc\/(hosts|hostname|resolv\.conf|mtab))$/;
/** Where they make it, which renews the folder's time: in the export of the source as in that of the result. */
const TOUCHED = new Set(['/', '/etc', '/dev']);

/** All of an image, as `docker export` of a container that was never started has it, hard links as files. */
export async function exportTree(engine: Engine, image: string): Promise<ReadonlyMap<string, ExportedEntry>> {
  await using container = await engine.createContainer(
    { Image: image, Entrypoint: ['none'], HostConfig: { NetworkMode: 'none' } },
    'test',
  );
  const tree = new Map<string, ExportedEntry>();
  const hardLinks: [string, string][] = [];
  for await (const { header, content } of (await container.getFiles('/')) ?? []) {
    const path = toPath(header.name);
    const type = header.type ?? 'file';
    if (ENGINES_OWN.test(path)) continue;
    if (type === 'link') {
      hardLinks.push([path, toPath(header.linkname ?? '')]);
      continue;
    }
    const hash = createHash('sha256');
    if (type === 'file') for await (const chunk of content) hash.update(chunk);
    tree.set(path, {
      type,
      mode: (header.mode ?? 0) & 0o7777,
      owner: `${header.uid}:${header.gid}`,
      mtimeSeconds: TOUCHED.has(path) ? 0 : Math.floor((header.mtime?.getTime() ?? 0) / 1000),
      ...(type === 'symlink' && { linkTarget: header.linkname ?? '' }),
      ...(type === 'file' && { content: hash.digest('hex') }),
    });
  }
  for (const [path, target] of hardLinks) {
    const entry = tree.get(target);
    if (entry === undefined) throw new Error(`the export links ${path} to ${target}, which it lacks`);
    tree.set(path, entry);
  }
  return tree;
}

function toPath(name: string): string {
  return `/${name.replace(/^\.?\//, '').replace(/\/$/, '')}`;
}

/** What a shrink says that its result has otherwise than its source. */
interface Otherwise {
  /** Paths whose content was given up on purpose. */
  readonly stubs?: ReadonlySet<string>;
  /** What is not the source's. */
  readonly generated?: Manifest['generated'];
}

/** In what a result is not simply a part of its source, and what was made for it; empty when all is well. */
export function notOfTheSource(
  source: ReadonlyMap<string, ExportedEntry>,
  result: ReadonlyMap<string, ExportedEntry>,
  { stubs = new Set(), generated = [] }: Otherwise,
): readonly string[] {
  const wrong: string[] = [];
  const made = new Map(generated.map((entry): [string, ExportedEntry] => [entry.path, toEntry(entry)]));
  for (const path of made.keys()) if (!result.has(path)) wrong.push(`${path} was to be made`);
  for (const [path, entry] of result) {
    const original = made.get(path) ?? source.get(path);
    if (original === undefined) wrong.push(`${path} is not in the source`);
    else if (JSON.stringify(plain(entry, path)) !== JSON.stringify(plain(original, path)))
      wrong.push(`${path} is ${JSON.stringify(entry)} instead of ${JSON.stringify(original)}`);
  }
  return wrong;

  function plain(entry: ExportedEntry, path: string): ExportedEntry {
    return stubs.has(path) ? { ...entry, content: '' } : entry;
  }
}

function toEntry({ content, mode, uid, gid, mtimeSeconds }: GeneratedEntry): ExportedEntry {
  return {
    type: content === undefined ? 'directory' : 'file',
    mode,
    owner: `${uid}:${gid}`,
    mtimeSeconds,
    ...(content !== undefined && { content: createHash('sha256').update(content).digest('hex') }),
  };
}
