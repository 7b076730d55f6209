/** The steps of a shrink, in order; with a locked keep list, `run` stands for `trace` and `keep`. */
export type StageName =
  | 'inspect'
  | 'trace'
  | 'keep'
  | 'run'
  | 'build'
  | 'verify'
  | 'repair'
  | 'check'
  | 'remainder'
  | 'output'
  | 'push';

/** What a shrink tells while it works. */
export type ShrinkEvent =
  | { readonly kind: 'stage-begun'; readonly stage: StageName; readonly detail: string }
  | { readonly kind: 'stage-progress'; readonly stage: StageName; readonly detail: string }
  | {
      readonly kind: 'stage-ended';
      readonly stage: StageName;
      readonly detail: string;
      readonly seconds: number;
    }
  | { readonly kind: 'note'; readonly message: string };

export interface StageSeconds {
  readonly stage: StageName;
  readonly seconds: number;
}

export type Stages = ReturnType<typeof createStages>;

/** Times each stage and tells of it. */
export function createStages(onEvent: (event: ShrinkEvent) => void) {
  const seconds: StageSeconds[] = [];
  return {
    seconds,
    async run<T>(stage: StageName, begin: string, action: () => Promise<readonly [T, string]>): Promise<T> {
      const start = performance.now();
      onEvent({ kind: 'stage-begun', stage, detail: begin });
      const [value, detail] = await action();
      const elapsed = (performance.now() - start) / 1000;
      seconds.push({ stage, seconds: elapsed });
      onEvent({ kind: 'stage-ended', stage, detail, seconds: elapsed });
      return value;
    },
  };
}
