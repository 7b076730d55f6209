import type { ImageNeeds } from '../image/image-needs.js';

/** A program that the engine may start beside the traced command. */
export interface NeededProgram {
  /** As the configuration names it: absolute, relative to WORKDIR, or looked for in PATH. */
  readonly name: string;
  readonly need: 'HEALTHCHECK' | 'ENTRYPOINT' | 'CMD';
  /** It may as well be an argument: then the image need not have such a program. */
  readonly mayBeArgument?: true;
}

/**
 * The programs of HEALTHCHECK, ENTRYPOINT and CMD; the shell form's is the shell. With an ENTRYPOINT, CMD is its
 * arguments: the first may be a program, for an entrypoint that ends in `exec "$@"`.
 *
 * @see Dockerfile reference, "Understand how CMD and ENTRYPOINT interact"
 */
export function neededPrograms(needs: ImageNeeds): readonly NeededProgram[] {
  const { healthcheck = [], entrypoint = [], command = [], shell = [] } = needs;
  const [form, first] = healthcheck;
  const health = form === 'CMD-SHELL' ? (shell[0] ?? '/bin/sh') : form === 'CMD' ? first : undefined;
  const [entry] = entrypoint;
  const programs: (Omit<NeededProgram, 'name'> & { readonly name: string | undefined })[] = [
    { name: health, need: 'HEALTHCHECK' },
    { name: entry, need: 'ENTRYPOINT' },
    { name: command[0], need: 'CMD', ...(entry && { mayBeArgument: true as const }) },
  ];
  return programs.filter((each): each is NeededProgram => each.name !== undefined && each.name !== '');
}
