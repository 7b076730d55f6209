/** Where a command reads and writes. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** @returns  when more may be written */
  write(text: string): Promise<void> | undefined;
  writeError(text: string): void;
}
