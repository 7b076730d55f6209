/** A layer of a result. */
export interface Layer {
  /** sha256:… of the uncompressed tar. */
  readonly diffId: string;
  readonly sizeBytes: number;
  /** Holds the tar; undefined when the engine has the layer already. */
  readonly file?: string;
  /** What it holds, for the history. */
  readonly comment?: string;
}

/**
 * Of all layers together.
 *
 * @example
 * const layer = { diffId: 'sha256:0', sizeBytes: 512 };
 * sumLayers([layer, layer]) // 1024
 */
export function sumLayers(layers: readonly Layer[]): number {
  return layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
