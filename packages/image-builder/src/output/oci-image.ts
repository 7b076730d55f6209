import type { Blob } from './compress-layer.js';
import { digestOf } from './digest-of.js';
import { type Attach, type Referrer, toReferrer } from './referrer.js';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';

/** An image as layouts and registries have it. */
export interface OciImage {
  /** JSON. */
  readonly config: string;
  /** sha256:… of the configuration: the id of the image. */
  readonly configDigest: string;
  /** JSON. */
  readonly manifest: string;
  readonly descriptor: {
    readonly mediaType: string;
    /** sha256:… by which a registry knows the image. */
    readonly digest: string;
    readonly size: number;
    readonly platform: Readonly<Record<string, unknown>>;
  };
  /** The layers, the lowest first. */
  readonly blobs: readonly Blob[];
  /** What is attached to it. */
  readonly referrers: readonly Referrer[];
}

/** What of an image stands beside its configuration and layers. */
export interface OciOptions {
  /** What is attached to the image, by its digest. Default nothing. */
  readonly attach?: Attach | undefined;
}

/**
 * The manifest of an image, and of what is attached to it: the same image, the same digest wherever it goes.
 *
 * @param given   its configuration, JSON: with the diff ids of the blobs, where those are others
 * @param blobs   the layers, the lowest first
 * @see OCI image specification, "Image Manifest"
 */
export async function toOciImage(
  given: string,
  blobs: readonly Blob[],
  { attach = async () => [] }: OciOptions,
): Promise<OciImage> {
  const config = withDiffIds(
    given,
    blobs.map(({ diffId }) => diffId),
  );
  const { architecture, os, variant, created } = JSON.parse(config) as Record<string, string>;
  const configDigest = digestOf(config);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, digest: configDigest, size: Buffer.byteLength(config) },
    layers: blobs.map(({ digest, sizeBytes, packing, annotations }) => ({
      mediaType: packing === undefined ? LAYER_TYPE : `${LAYER_TYPE}+${packing}`,
      digest,
      size: sizeBytes,
      ...(annotations !== undefined && { annotations }),
    })),
    annotations: { 'org.opencontainers.image.created': created },
  });
  const digest = digestOf(manifest);
  const size = Buffer.byteLength(manifest);
  const platform = { architecture, os, ...(variant !== undefined && { variant }) };
  const subject = { mediaType: MANIFEST_TYPE, digest, sizeBytes: size };
  const attached = await attach(digest);
  return {
    config,
    configDigest,
    manifest,
    descriptor: { mediaType: MANIFEST_TYPE, digest, size, platform },
    blobs,
    referrers: attached.map((each) => toReferrer(subject, each, created ?? '')),
  };
}

/** The same text where they are those that it has. */
function withDiffIds(config: string, diffIds: readonly string[]): string {
  const value = JSON.parse(config) as { readonly rootfs: { readonly diff_ids: readonly string[] } };
  if (value.rootfs.diff_ids.join() === diffIds.join()) return config;
  return JSON.stringify({ ...value, rootfs: { ...value.rootfs, diff_ids: diffIds } });
}
