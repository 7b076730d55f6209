import type { ImageNeeds } from '../image/image-needs.js';

/** A program that the engine may start beside the traced command. */
export interface NeededProgram {
  /** As the configuration names it: absolute, relative to WORKDIR, or looked for in PATH. */
  readonly name: string;
  readonly need: 'HEALTHCHECK' | 'ENTRYPOINT' | 'CMD';
}

/** The programs of HEALTHCHECK, ENTRYPOINT and CMD; the shell form's is the shell. */
export function neededPrograms(needs: ImageNeeds): readonly NeededProgram[] {
  const { healthcheck = [], entrypoint = [], command = [], shell = [] } = needs;
  const [form, first] = healthcheck;
  const health = form === 'CMD-SHELL' ? (shell[0] ?? '/bin/sh') : form === 'CMD' ? first : undefined;
  const programs: { name: string | undefined; need: NeededProgram['need'] }[] = [
    { name: health, need: 'HEALTHCHECK' },
    { name: entrypoint[0], need: 'ENTRYPOINT' },
    { name: command[0], need: 'CMD' },
  ];
  return programs.filter((each): each is NeededProgram => each.name !== undefined && each.name !== '');
}
