/** The one layer of a result. */
export interface Layer {
  /** sha256:… of the uncompressed tar. */
  readonly diffId: string;
  readonly sizeBytes: number;
  /** Holds the tar; undefined when the engine has the layer already. */
  readonly file?: string;
}
