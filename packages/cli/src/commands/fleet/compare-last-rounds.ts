import { compareRounds, type Outcome } from '@keepset/fleet';
import { UsageError } from '../../options/usage-error.js';
import type { ComparedResult, ResultSide } from '../../terminal/compared/print-compared-results.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';
import { openFleet } from './open-fleet.js';

/**
 * How the tasks of a fleet ended in its last round, and in the one before. The files of earlier results are not there any
 * more: new manifests have taken their places.
 *
 * @throws UsageError  there were no two rounds
 */
export async function* compareLastRounds(file: string, console: Console): AsyncGenerator<ComparedResult> {
  const { record } = openFleet([file], console);
  const [before, after] = record.rounds().slice(-2);
  if (before === undefined || after === undefined)
    throw new UsageError(
      `${plainLine(file)} had no two rounds that could be compared`,
      'Compare it with another fleet, or a folder with manifests: keepset diff A B.',
    );
  const outcomes = record.outcomes().files;
  const [one, other] = [await record.tasksOf(before), await record.tasksOf(after)];
  for (const task of compareRounds({ round: before, tasks: one }, { round: after, tasks: other }, outcomes)) {
    const [from, to] = [sideOf(task.before), sideOf(task.after)];
    const isSame = from?.said === to?.said && task.before?.result?.id === task.after?.result?.id;
    const kind = from === undefined ? 'added' : to === undefined ? 'removed' : isSame ? 'same' : 'changed';
    yield { name: task.name, kind, before: from, after: to, files: undefined };
  }
}

function sideOf(outcome: Outcome | undefined | null): ResultSide | undefined {
  if (outcome === null) return undefined;
  const { result, error, state } = outcome ?? {};
  return { said: result?.verdict ?? error?.code ?? state ?? 'no result', sizeBytes: result?.sizeBytes };
}
