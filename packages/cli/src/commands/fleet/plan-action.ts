import { relative } from 'node:path';
import { isToDo } from '@keepset/fleet';
import type { Console } from '../../terminal/console.js';
import { formatCount } from '../../terminal/format-count.js';
import { plainLine } from '../../terminal/plain-text.js';
import { quoteWords } from '../../terminal/quote-words.js';
import { textTable } from '../../terminal/text-table.js';
import { type FleetOptions, namedTasks, openFleet, planFleet, statusesOf } from './open-fleet.js';

const DIGEST_DIGITS = 12;

/** `keepset fleet plan`: what there is to do, and nothing of it done. */
export async function planAction(
  words: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<undefined> {
  const opened = openFleet(words, console);
  const tasks = namedTasks(await planFleet(opened, console), options);
  const statuses = await statusesOf(tasks, opened, console);
  if (options.json === true) {
    const { folder } = opened.fleet;
    const all = statuses.map(({ task, state }) => ({
      ...task,
      state,
      toDo: options.again === true || isToDo(state),
    }));
    await console.writeOut(`${JSON.stringify({ folder, tasks: all })}\n`);
    return;
  }
  const rows = statuses.map(({ task, state }) => [
    task.name,
    state,
    task.sourceDigest?.replace(/^sha256:/, '').slice(0, DIGEST_DIGITS) ?? 'unknown',
    plainLine(quoteWords(['keepset', ...task.command])),
  ]);
  const columns = ['TASK', 'STATE', 'IMAGE', 'COMMAND'].map((title) => ({ title }));
  await console.writeOut(textTable(columns, rows));
  const toDo = options.again === true ? statuses : statuses.filter(({ state }) => isToDo(state));
  const place = relative(console.workingDirectory, opened.fleet.folder);
  console.writeError(
    `keepset: ${formatCount(toDo.length)} of ${formatCount(tasks.length)} tasks to do${place === '' ? '' : `; commands run in ${plainLine(place)}`}\n`,
  );
}
