import { type Cost, measureKeepset } from './measure-keepset.ts';

export interface ShrinkRun extends Cost {
  readonly report: {
    id: string;
    source: { sizeBytes: number };
    result: { sizeBytes: number };
    run?: { seconds: number };
    stages: Record<string, number>;
  };
}

/** `keepset shrink` as a user runs it. */
export async function runKeepset(...args: readonly string[]): Promise<ShrinkRun> {
  return await runKeepsetOf(undefined, args);
}

/** @param cli  the command of another checkout. Default: of this one */
export async function runKeepsetOf(cli: string | undefined, args: readonly string[]): Promise<ShrinkRun> {
  const chunks: Buffer[] = [];
  const cost = await measureKeepset(['shrink', '--json', ...args], (chunk) => chunks.push(chunk), cli);
  return { ...cost, report: JSON.parse(Buffer.concat(chunks).toString()) };
}
