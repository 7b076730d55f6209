// Images made of layers that are written here, and the files that hold them.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** An entry of a layer: a name, and what is not plain about it. */
export type LayerEntry = readonly [
  name: string,
  header?: Partial<Header>,
  content?: string | Uint8Array | undefined,
];

const MTIME = new Date('2017-03-04T05:06:07Z');

/** A tar. A name that ends with a slash is a folder's. */
export async function toTar(entries: readonly LayerEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, header = {}, content = ''] of entries) {
    const type = header.type ?? (name.endsWith('/') ? 'directory' : 'file');
    const mode = header.mode ?? (type === 'directory' ? 0o755 : 0o644);
    const whole = { mtime: MTIME, ...header, name, type, mode };
    if (type === 'file') archive.entry(whole, Buffer.from(content as string));
    else archive.entry(whole);
  }
  archive.finalize();
  return Buffer.concat(await Array.fromAsync(archive as unknown as AsyncIterable<Buffer>));
}

export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** How layers lie in a layout. */
export type Packing = 'none' | 'gzip' | 'zstd';

const PACK = {
  none: (tar: Buffer) => tar,
  gzip: (tar: Buffer) => gzipSync(tar),
  zstd: (tar: Buffer) => zstdCompressSync(tar),
};

const TYPES = {
  oci: {
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar',
    none: '',
    gzip: '+gzip',
    zstd: '+zstd',
  },
  docker: {
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar',
    none: '',
    gzip: '.gzip',
    zstd: '.zstd',
  },
};

function toConfig(layers: readonly Buffer[], architecture = 'amd64'): string {
  return JSON.stringify({
    architecture,
    os: 'linux',
    config: { Cmd: ['/bin/true'] },
    rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
  });
}

/** The blobs of an image, by digest, and its manifest. */
export function toBlobs(
  layers: readonly Buffer[],
  {
    packing = 'none',
    types = 'oci',
    architecture = 'amd64',
    indexed = [],
  }: {
    packing?: Packing;
    types?: keyof typeof TYPES;
    architecture?: string;
    /** The layers as they lie there, where they are not simply packed. */
    indexed?: readonly { readonly blob: Buffer; readonly annotations: Readonly<Record<string, string>> }[];
  } = {},
) {
  const names = TYPES[types];
  const config = toConfig(layers, architecture);
  const packed = layers.map((layer, index) => indexed[index]?.blob ?? PACK[packing](layer));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: names.manifest,
    config: { mediaType: names.config, digest: digestOf(config), size: config.length },
    layers: packed.map((blob, index) => ({
      mediaType: names.layer + names[packing],
      digest: digestOf(blob),
      size: blob.length,
      annotations: indexed[index]?.annotations,
    })),
  });
  const blobs = new Map<string, string | Buffer>(
    [config, manifest, ...packed].map((blob) => [digestOf(blob), blob]),
  );
  const descriptor = {
    mediaType: names.manifest,
    digest: digestOf(manifest),
    size: manifest.length,
    platform: { os: 'linux', architecture },
  };
  return { id: digestOf(config), blobs, descriptor };
}

type Blobs = ReturnType<typeof toBlobs>;

/** The files of an OCI layout by name. */
export function toLayout(images: readonly { image: Blobs; tag?: string }[]): Map<string, string | Buffer> {
  const files = new Map<string, string | Buffer>([['oci-layout', '{"imageLayoutVersion":"1.0.0"}']]);
  const manifests = images.map(({ image: { descriptor }, tag }) => ({
    ...descriptor,
    ...(tag && { annotations: { 'org.opencontainers.image.ref.name': tag } }),
  }));
  files.set('index.json', JSON.stringify({ schemaVersion: 2, manifests }));
  for (const { image } of images)
    for (const [digest, blob] of image.blobs) files.set(`blobs/${digest.replace(':', '/')}`, blob);
  return files;
}

/** The files of a docker archive by name. */
export function toDockerArchive(
  images: readonly { layers: readonly Buffer[]; tags?: readonly string[]; architecture?: string }[],
): Map<string, string | Buffer> {
  const files = new Map<string, string | Buffer>();
  const saved = images.map(({ layers, tags = [], architecture }) => {
    const config = toConfig(layers, architecture);
    const Config = `${digestOf(config).slice('sha256:'.length)}.json`;
    files.set(Config, config);
    const Layers = layers.map((layer) => `${digestOf(layer).slice('sha256:'.length)}/layer.tar`);
    Layers.forEach((name, index) => {
      files.set(name, layers[index] as Buffer);
    });
    return { Config, RepoTags: tags, Layers };
  });
  return files.set('manifest.json', JSON.stringify(saved));
}

export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string | Buffer>,
): Promise<string> {
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

export async function writeArchive(
  file: string,
  files: ReadonlyMap<string, string | Buffer>,
): Promise<string> {
  await writeFile(file, await toTar([...files].map(([name, content]) => [name, {}, content])));
  return file;
}
