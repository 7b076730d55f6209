/** What a manifest says of a blob. @see OCI image specification, "Content Descriptors" */
export interface Descriptor {
  readonly mediaType: string;
  /** sha256:… or sha512:… */
  readonly digest: string;
  readonly sizeBytes: number;
}
