import { chanceOf } from './chance.js';
import type { DepositRun, ExpectedContent } from './deposit.js';
import { plainLine, shellWord } from './quote.js';

/** How long a service may take to be ready, in seconds. */
export const READY_SECONDS_MAX = 60;
/** Between the stop signal and SIGKILL, as docker stop has it. */
const GRACE_SECONDS = 10;

/** What is only looked at changes nothing. */
const LOOKS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether an engine can ask it anything. */
export function isAskable({ asked }: DepositRun): boolean {
  return asked === undefined || asked.steps.some(({ kind }) => kind === 'exec');
}

type StepChance = ReturnType<typeof chanceOf>['steps'][number];

/**
 * A service is asked what an engine can ask: commands in its container, as long as nothing was sent to it before that a
 * shell cannot send. What it prints itself also tells of what is not asked here, and is not compared.
 */
export function askFunction(
  run: DepositRun,
  index: number,
  compare: (step: StepChance) => readonly string[] = () => [],
): string {
  if (run.asked === undefined || run.notReplayed !== undefined || !isAskable(run)) return '';
  const { steps, exitStatus } = chanceOf(run);
  let isChanged = false;
  const lines: string[] = [];
  for (const [place, step] of run.asked.steps.entries()) {
    const expected = steps[place];
    if (expected === undefined) continue;
    const name = shellWord(plainLine(expected.name));
    if (step.kind !== 'exec' || isChanged) lines.push(`skip ${name}`);
    else {
      const words = step.command.map(shellWord).join(' ');
      const compared = compare(expected)
        .map((line) => `    ${line}\n`)
        .join('');
      lines.push(`if ask ${name} ${expected.exitStatus ?? 0} ${words}; then\n${compared || '    :\n'}  fi`);
    }
    isChanged ||= step.kind === 'http' && !LOOKS.has(step.method.toUpperCase());
  }
  for (const probe of run.notAsked ?? []) lines.push(`skip ${shellWord(plainLine(`probe '${probe}'`))}`);
  return `ask_${index + 1}() {
${[
  '"$engine" start "$container" >/dev/null',
  ...lines,
  "skip 'what it prints and writes itself'",
  `stop_service ${Math.ceil(run.asked.graceSeconds ?? GRACE_SECONDS)}`,
  `ended ${exitStatus ?? '"$status"'}`,
]
  .map((line) => `  ${line}\n`)
  .join('')}}
`;
}

/** Lines that hold an answer against what it was. */
export function compareStep({ name, exitStatus, stdout, stderr }: StepChance): readonly string[] {
  const step = plainLine(name);
  return [
    exitStatus === undefined
      ? byChance(`exit status of ${step}`)
      : `[ "$status" = ${exitStatus} ] || differs "exit status $status of $step instead of ${exitStatus}"`,
    compareStream('stdout', `standard output of ${step}`, stdout),
    compareStream('stderr', `standard error of ${step}`, stderr),
  ];
}

/** A line that says what is not compared. */
export function byChance(what: string): string {
  return `say ${shellWord(`not compared: ${what}, which varies by chance`)}`;
}

/** A line that holds what was printed against what it was. */
export function compareStream(
  name: 'stdout' | 'stderr',
  words: string,
  content: StepChance['stdout'],
): string {
  return content === undefined
    ? byChance(words)
    : `same ${shellWord(words)} "$work/${name}" ${expectedWords(content)}`;
}

/** What is expected, as `same` takes it: the hash, the copy, and where it has the date of the recorded run. */
export function expectedWords({ sha256, at, dates = [] }: ExpectedContent): string {
  const places = at === undefined ? [] : dates;
  const words = places.map((date) => `${date.at} ${date.length} ${shellWord(date.formats.join('%n'))}`);
  return [sha256, shellWord(at ?? ''), ...words].join(' ');
}
