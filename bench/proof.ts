// Whether `verified` is true: small programs, each of which prints something that never varies amid something that does.
// Each is shrunk; then its result is judged again as it is, and without, or with an empty, file that changes what never
// varies. The programs say themselves what that is: keepset has no part in it.
//   pnpm bench:proof [--programs NAME,…] [--mutants N] [--rounds N] [--seed N] [--json]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createChance } from '../test-fixtures/chance.ts';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';
import { type Examination, examineProgram } from './proof/examine-program.ts';
import { describeExamination, describeTotals, sumUp } from './proof/print-examinations.ts';
import { listPrograms, VOLUME } from './proof/programs.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean' },
    programs: { type: 'string' },
    mutants: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '10' },
    /** Which mutants are chosen; programs are as random as ever. */
    seed: { type: 'string', default: '1' },
  },
});
/** Of all programs, so many must be verified as a whole. */
const VERIFIED_SHARE_MIN = 0.9;

const wanted = flags.programs?.split(',');
const programs = listPrograms()
  .map((program, number) => ({ program, seed: Number(flags.seed) * 1000 + number }))
  .filter(({ program: { name } }) => wanted?.includes(name) ?? true);
const say = (lines: readonly string[]) => process.stdout.write(lines.map((line) => `${line}\n`).join(''));

await using engine = await connectTestEngine();
const image = await ensureImage(engine, 'proof');
const examinations: Examination[] = [];
for (const { program, seed } of programs) {
  const examination = await examineProgram(engine, image, program, {
    mutants: Number(flags.mutants),
    rounds: Number(flags.rounds),
    chance: createChance(seed).next,
  });
  examinations.push(examination);
  if (!flags.json) say(describeExamination(examination));
}
await engine.removeVolume(VOLUME);

const totals = sumUp(examinations);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Docker ${engine.details.version}, Node ${process.version}`;
if (flags.json) say([JSON.stringify({ machine, seed: Number(flags.seed), ...totals })]);
else say([machine, `seed ${flags.seed}`, ...describeTotals(totals)]);
const isGood =
  totals.detected === totals.mutants &&
  totals.alarms === 0 &&
  totals.verified >= VERIFIED_SHARE_MIN * totals.programs;
process.exitCode = isGood ? 0 : 1;
