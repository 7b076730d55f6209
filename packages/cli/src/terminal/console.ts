/** The process as the commands see it: the one place that has streams, variables and signals. */
export interface Console {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly columns: number;
  readonly errorIsTty: boolean;
  readonly outIsTty: boolean;
  readonly stdin: AsyncIterable<Uint8Array>;
  /**
   * Aborted by SIGINT and SIGTERM, whose name is then its reason. Who asks for it cleans up: before, they end the process.
   */
  readonly signal: AbortSignal;
  /** @param text  in one piece or in many, of which few are held at a time */
  writeOut(text: string | Iterable<string>): Promise<void>;
  writeError(text: string): void;
  writeOutBytes(bytes: Uint8Array): Promise<void>;
  writeErrorBytes(bytes: Uint8Array): Promise<void>;
}
