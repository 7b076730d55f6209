import type { DepositRun, ExpectedContent, ExpectedSample, ExpectedStep } from './deposit.js';

interface ProgramChance {
  readonly exitStatus: number | undefined;
  readonly stdout: ExpectedContent | undefined;
  readonly stderr: ExpectedContent | undefined;
}

/** What of a run is the same in every sample, and what varies by chance. */
export interface RunChance extends ProgramChance {
  /** Of a service. */
  readonly steps: readonly (ProgramChance & { readonly name: string })[];
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
    ...programChance(samples),
    steps: (samples[0]?.steps ?? []).map(({ name }, index) => ({
      name,
      ...programChance(samples.flatMap(({ steps }) => steps?.[index] ?? [])),
    })),
    files: new Map([...paths].sort().map((path) => [path, common(samples.map(contentAt(path)))])),
  };
}

function programChance(
  samples: readonly Pick<ExpectedStep, 'exitStatus' | 'stdout' | 'stderr'>[],
): ProgramChance {
  const [first] = samples;
  return {
    exitStatus: samples.every((each) => each.exitStatus === first?.exitStatus)
      ? first?.exitStatus
      : undefined,
    stdout: common(samples.map(({ stdout }) => stdout)),
    stderr: common(samples.map(({ stderr }) => stderr)),
  };
}

function common(contents: readonly (ExpectedContent | undefined)[]): ExpectedContent | undefined {
  const [first] = contents;
  return contents.every((each) => each !== undefined && each.sha256 === first?.sha256) ? first : undefined;
}

function varyingOf({ exitStatus, stdout, stderr }: ProgramChance): readonly string[] {
  return [
    ...(exitStatus === undefined ? ['the exit status'] : []),
    ...(stdout === undefined ? ['standard output'] : []),
    ...(stderr === undefined ? ['standard error'] : []),
  ];
}

/** What of a run varies, in words: `standard output`, `/tmp/log`. */
export function varyingParts(run: Pick<DepositRun, 'samples'>): readonly string[] {
  if (run.samples.length === 0) return [];
  const { steps, files, ...whole } = chanceOf(run);
  return [
    ...varyingOf(whole),
    ...steps.flatMap(({ name, ...step }) => varyingOf(step).map((part) => `${part} of ${name}`)),
    ...[...files].flatMap(([path, content]) => (content === undefined ? [path] : [])),
  ];
}

/** What of a run holds its date, in words: another run has its own there. */
export function datedParts({ samples: [sample] }: Pick<DepositRun, 'samples'>): readonly string[] {
  if (sample === undefined) return [];
  const { stdout, stderr, steps = [], files } = sample;
  const parts: readonly (readonly [string, ExpectedContent | undefined])[] = [
    ['standard output', stdout],
    ['standard error', stderr],
    ...steps.flatMap((step) => [
      [`standard output of ${step.name}`, step.stdout] as const,
      [`standard error of ${step.name}`, step.stderr] as const,
    ]),
    ...files.map(({ path, content }) => [path, content] as const),
  ];
  return parts.flatMap(([name, content]) => (content?.dates === undefined ? [] : [name]));
}
