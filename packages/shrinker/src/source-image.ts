import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { type ImageTree, LISTING_FORMAT, readListing, type TreeEntry } from '@keepset/image-tree';
import type { ImageNeeds, SourceImage } from '@keepset/keep-planner';
import type { RealPath } from '@keepset/symlink-resolver';
import type { ImageReader, OwnEntry } from '@keepset/toolbox';
import { ShrinkError } from './shrink-error.js';
import { inventoryImage } from './source-inventory.js';
import { toOwners } from './to-owners.js';

/**
 * Find the source; fetch it when the engine has not got it, as docker run does.
 *
 * @param onPull  called before fetching
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE
 */
export async function findSource(
  engine: Engine,
  reference: string,
  platform: string | undefined,
  onPull: () => void,
): Promise<ImageDetails> {
  let image = await engine.inspectImage(reference);
  if (image === undefined) {
    onPull();
    await engine.pullImage(reference, platform === undefined ? {} : { platform });
    image = await engine.inspectImage(reference);
  }
  if (image === undefined)
    throw new ShrinkError('WRONG_ARCHITECTURE', `the engine fetched no image '${reference}' that it can use`);
  const { architecture } = engine.details;
  if (image.os !== 'linux' || !runsOn(architecture, image.architecture)) {
    throw new ShrinkError(
      'WRONG_ARCHITECTURE',
      `'${reference}' is an image for ${image.os}/${image.architecture}, and the engine runs on linux/${architecture}`,
      {
        hint: `Use an image for linux/${architecture}, or an engine on a ${image.architecture} machine: programs cannot be traced under emulation.`,
      },
    );
  }
  return image;
}

/** Architectures of which the kernel runs programs beside its own. */
const ALSO_RUNS: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] };

function runsOn(engine: string, image: string): boolean {
  return engine === image || (ALSO_RUNS[engine] ?? []).includes(image);
}

/** List the image's tree as the image has it, not as a container of it shows it. */
export async function readTree(reader: ImageReader): Promise<ImageTree> {
  return await readListing(reader.readListing(LISTING_FORMAT), {
    add: [...reader.ownEntries.values()].map(toTreeEntry),
  });
}

const TYPES: Readonly<Record<string, TreeEntry['type']>> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
};

function toTreeEntry({ path, header }: OwnEntry, index: number): TreeEntry {
  const type = TYPES[header.type ?? 'file'] ?? 'file';
  return {
    path: path as RealPath,
    type,
    mode: (header.mode ?? 0) & 0o7777,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    sizeBytes: header.size ?? 0,
    mtimeSeconds: Math.floor((header.mtime?.getTime() ?? 0) / 1000),
    // Of no file system: no other entry can share it.
    inode: `0:${index + 1}`,
    linkCount: 1,
    ...(type === 'symlink' && { linkTarget: header.linkname ?? '' }),
  };
}

/** The planner's view: what is where from the listing, which tells of links as well; contents through the container. */
export function toSourceImage(reader: ImageReader, tree: ImageTree): SourceImage {
  return {
    tree,
    readLinks: (paths) => tree.readLinks(paths),
    readOwners: async () => toOwners(await inventoryImage(tree, reader)),
    async readHeads(paths, maxBytes) {
      const known = paths.filter((path) => tree.get(path)?.type === 'file');
      const heads = await reader.readHeads(
        known.map((path) => ({ path, sizeBytes: tree.get(path)?.sizeBytes ?? 0 })),
        maxBytes,
      );
      const found = new Map(known.map((path, index) => [path, heads[index]]));
      return paths.map((path) => found.get(path));
    },
  };
}

/**
 * What the configuration, and the run, make the engine need, in byte strings.
 *
 * @param workdir  where the run begins, if not in the image's WORKDIR
 */
export function toNeeds({ config }: ImageDetails, workdir?: string): ImageNeeds {
  const path = (config.Env ?? []).find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length);
  const shell = config.Shell as readonly string[] | null | undefined;
  return {
    volumes: Object.keys(config.Volumes ?? {}).map(toBytes),
    ...(config.WorkingDir && { workingDirectory: toBytes(config.WorkingDir) }),
    ...(workdir !== undefined && { runDirectory: toBytes(workdir) }),
    ...(config.User && { user: config.User }),
    ...(config.Healthcheck?.Test && { healthcheck: config.Healthcheck.Test.map(toBytes) }),
    ...(config.Entrypoint && { entrypoint: config.Entrypoint.map(toBytes) }),
    ...(config.Cmd && { command: config.Cmd.map(toBytes) }),
    ...(shell && { shell: shell.map(toBytes) }),
    ...(path !== undefined && { path: toBytes(path) }),
  };
}

/** JSON gives text; paths are bytes: one UTF-16 unit a byte. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
