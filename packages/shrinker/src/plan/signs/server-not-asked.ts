import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** A server that is asked takes longer, and does not end by itself. */
const SERVER_SECONDS_MIN = 5;

/** The image exposes ports, and the run ended before a server could be asked. */
export function serverNotAsked({ config, runs }: ShrinkFacts): OverShrinkSign | undefined {
  const ports = Object.keys(config.ExposedPorts ?? {});
  const seconds = Math.max(...runs.map((run) => run.seconds));
  if (
    ports.length === 0 ||
    runs.some(({ service }) => service !== undefined) ||
    seconds >= SERVER_SECONDS_MIN
  )
    return undefined;
  return {
    kind: 'server-not-asked',
    message: `the image exposes ${ports.join(', ')}, but the run ended after ${seconds.toFixed(1)} s and no server was asked anything`,
    cure: 'use a command that starts the server and asks it for what matters',
  };
}
