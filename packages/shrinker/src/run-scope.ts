import { effectiveCommand } from '@keepset/docker-engine';
import type { Source } from './open-source.js';
import { ShrinkError } from './shrink-error.js';
import type { Work } from './work.js';

/** A command with a name, by which it is told from others. */
export interface NamedCommand {
  readonly name: string;
  /** As it follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
}

/** What is at hand for one of several commands: everything that is common, with the command its own. */
export interface RunScope {
  readonly name: string;
  readonly work: Work;
  readonly source: Source;
}

/** @throws ShrinkError COMMAND_MISSING */
export function scopeRun(work: Work, source: Source, { name, command }: NamedCommand): RunScope {
  const { request } = work;
  const merged = effectiveCommand(source.image.config, command, request.run.entrypoint);
  if (merged.length === 0)
    throw new ShrinkError('COMMAND_MISSING', `'${request.image}' has no ENTRYPOINT and no CMD`, {
      hint: 'Say which command to run.',
    });
  return {
    name,
    work: { ...work, request: { ...request, command } },
    source: { ...source, command: merged },
  };
}
