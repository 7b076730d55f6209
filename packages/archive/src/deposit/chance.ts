import type { DepositRun, ExpectedContent, ExpectedSample } from './deposit.js';

/** What of a run is the same in every sample, and what varies by chance. */
export interface RunChance {
  readonly exitStatus: number | undefined;
  readonly stdout: ExpectedContent | undefined;
  readonly stderr: ExpectedContent | undefined;
  /** Regular files, by path (C-escaped): undefined where a sample has another content, or none. */
  readonly files: ReadonlyMap<string, ExpectedContent | undefined>;
}

/** Undefined is what varies. */
export function chanceOf({ samples }: Pick<DepositRun, 'samples'>): RunChance {
  const paths = new Set(
    samples.flatMap(({ files }) => files.flatMap(({ path, content }) => (content ? [path] : []))),
  );
  const contentAt = (path: string) => (sample: ExpectedSample) =>
    sample.files.find((file) => file.path === path)?.content;
  return {
    exitStatus: samples.every((each) => each.exitStatus === samples[0]?.exitStatus)
      ? samples[0]?.exitStatus
      : undefined,
    stdout: common(samples.map(({ stdout }) => stdout)),
    stderr: common(samples.map(({ stderr }) => stderr)),
    files: new Map([...paths].sort().map((path) => [path, common(samples.map(contentAt(path)))])),
  };
}

function common(contents: readonly (ExpectedContent | undefined)[]): ExpectedContent | undefined {
  const [first] = contents;
  return contents.every((each) => each !== undefined && each.sha256 === first?.sha256) ? first : undefined;
}

/** What of a run varies, in words: `standard output`, `/tmp/log`. */
export function varyingParts(run: Pick<DepositRun, 'samples'>): readonly string[] {
  if (run.samples.length === 0) return [];
  const { exitStatus, stdout, stderr, files } = chanceOf(run);
  return [
    ...(exitStatus === undefined ? ['the exit status'] : []),
    ...(stdout === undefined ? ['standard output'] : []),
    ...(stderr === undefined ? ['standard error'] : []),
    ...[...files].flatMap(([path, content]) => (content === undefined ? [path] : [])),
  ];
}
