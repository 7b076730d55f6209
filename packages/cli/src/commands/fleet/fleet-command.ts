import { setFlagsFromString } from 'node:v8';
import type { FLEET } from '../../definitions/fleet.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import type { Console } from '../../terminal/console.js';

/** `keepset fleet`: each action is loaded when it is asked for. */
export async function fleetCommand(
  { options, operands: [action, ...words] }: CommandLineOf<typeof FLEET>,
  console: Console,
): Promise<number | undefined> {
  // A file of 10,000 images is large as objects, and a process that waits for others should be small.
  setFlagsFromString('--optimize-for-size');
  switch (action) {
    case 'plan':
      return await (await import('./plan-action.js')).planAction(words, options, console);
    case 'run':
    case 'resume':
      return await (await import('./run-action.js')).runAction(action, words, options, console);
    case 'refresh':
      return await (await import('./refresh-action.js')).refreshAction(words, options, console);
    case 'status':
      return await (await import('./status-action.js')).statusAction(words, options, console);
    case 'cancel':
      return await (await import('./cancel-action.js')).cancelAction(words, options, console);
    case 'layers':
      return await (await import('./layers-action.js')).layersAction(words, options, console);
    case 'report':
      return await (await import('./report-action.js')).reportAction(words, options, console);
    case 'emit':
      return await (await import('./emit-action.js')).emitAction(words, options, console);
    case 'task':
      return await (await import('./task-action.js')).taskAction(words, console);
  }
}
