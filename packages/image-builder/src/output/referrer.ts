import { digestOf } from './digest-of.js';

/** What names a manifest. @see OCI image specification, "Content Descriptors" */
export interface ManifestDescriptor {
  readonly mediaType: string;
  /** sha256:… */
  readonly digest: string;
  readonly sizeBytes: number;
}

/** A text that belongs to an image. */
export interface Attachment {
  /** Its media type: `application/vnd.cyclonedx+json`. */
  readonly type: string;
  readonly fileName: string;
  readonly content: string;
  /** By which clients choose among what is attached. Default none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What is attached to an image, by the digest under which registries know it. */
export type Attach = (manifestDigest: string) => Promise<readonly Attachment[]>;

/** A manifest that refers to an image, and what it is made of. */
export interface Referrer {
  readonly descriptor: ManifestDescriptor & {
    readonly artifactType: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** JSON. */
  readonly manifest: string;
  readonly blobs: readonly { readonly digest: string; readonly content: string }[];
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = '{}';

/**
 * The manifest by which a text is attached to an image: the same text and image, the same manifest.
 *
 * @param created  ISO 8601; the image's
 * @see OCI image specification 1.1, "Guidelines for Artifact Usage", `subject`
 * @example
 * const mediaType = 'application/vnd.oci.image.manifest.v1+json';
 * const subject = { mediaType, digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 2 };
 * const note = { type: 'text/plain', fileName: 'note', content: 'a note' };
 * toReferrer(subject, note, source.created).descriptor.artifactType // 'text/plain'
 */
export function toReferrer(
  subject: ManifestDescriptor,
  { type, fileName, content, annotations: own = {} }: Attachment,
  created: string,
): Referrer {
  const annotations = { 'org.opencontainers.image.created': created, ...own };
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: type,
    config: { mediaType: EMPTY_TYPE, digest: digestOf(EMPTY), size: EMPTY.length },
    layers: [
      {
        mediaType: type,
        digest: digestOf(content),
        size: Buffer.byteLength(content),
        annotations: { 'org.opencontainers.image.title': fileName, ...own },
      },
    ],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.sizeBytes },
    annotations,
  });
  return {
    descriptor: {
      mediaType: MANIFEST_TYPE,
      digest: digestOf(manifest),
      sizeBytes: Buffer.byteLength(manifest),
      artifactType: type,
      annotations,
    },
    manifest,
    blobs: [EMPTY, content].map((text) => ({ digest: digestOf(text), content: text })),
  };
}
