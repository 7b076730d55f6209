import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** Programs that are there to start others. busybox is all of them, and so counts as what it is called. */
const LAUNCHERS: ReadonlySet<string> = new Set(
  'sh dash bash ash busybox zsh ksh mksh fish env tini tini-static dumb-init docker-init catatonit gosu su-exec setpriv sudo su runuser s6-svscan nohup timeout'.split(
    ' ',
  ),
);

/** Nothing but programs that start others was executed. */
export function onlyLauncher({ plan }: ShrinkFacts): OverShrinkSign | undefined {
  const names = plan.executed.map((path) => path.slice(path.lastIndexOf('/') + 1));
  if (names.length === 0 || !names.every((name) => LAUNCHERS.has(name))) return undefined;
  return {
    kind: 'only-launcher',
    message: `nothing but ${[...new Set(names)].join(', ')} was executed`,
    cure: 'let the command do what the image is for',
  };
}
