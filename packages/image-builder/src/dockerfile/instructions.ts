import type { ImageConfig } from '@keepset/docker-engine';
import { BuildError } from '../build-error.js';

/**
 * A configuration as instructions of a Dockerfile that begins with `FROM scratch`.
 *
 * @throws BuildError BUILD_NO_INSTRUCTION
 */
export function toInstructions(config: ImageConfig): readonly string[] {
  const list = (key: string) => (config[key] as readonly string[] | null | undefined) ?? [];
  const names = (key: string) => Object.keys((config[key] as object | null | undefined) ?? {});
  const shell = list('Shell');
  return [
    ...(config.Env ?? []).map((variable) => {
      const [key = '', ...value] = variable.split('=');
      return `ENV ${name(key)}=${quote(value.join('='))}`;
    }),
    ...Object.entries((config.Labels as Record<string, string> | null | undefined) ?? {}).map(
      ([key, value]) => `LABEL ${quote(key)}=${quote(value)}`,
    ),
    ...names('ExposedPorts').map((port) => `EXPOSE ${word(port)}`),
    ...(names('Volumes').length === 0 ? [] : [`VOLUME ${JSON.stringify(names('Volumes'))}`]),
    ...(shell.length === 0 ? [] : [`SHELL ${JSON.stringify(shell)}`]),
    ...(config.WorkingDir ? [`WORKDIR ${quote(config.WorkingDir)}`] : []),
    ...(config.User ? [`USER ${quote(config.User)}`] : []),
    ...(config.StopSignal ? [`STOPSIGNAL ${word(config.StopSignal as string)}`] : []),
    ...toHealthcheck(config.Healthcheck as Healthcheck | null | undefined),
    ...list('OnBuild').map((trigger) => `ONBUILD ${instruction(trigger)}`),
    ...(config.Entrypoint?.length ? [`ENTRYPOINT ${JSON.stringify(config.Entrypoint)}`] : []),
    ...(config.Cmd?.length ? [`CMD ${JSON.stringify(config.Cmd)}`] : []),
  ];
}

interface Healthcheck {
  readonly Test?: readonly string[];
  /** Durations are in nanoseconds. */
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

function toHealthcheck(healthcheck: Healthcheck | null | undefined): readonly string[] {
  const [kind, ...args] = healthcheck?.Test ?? [];
  if (healthcheck == null || kind === undefined) return [];
  if (kind === 'NONE') return ['HEALTHCHECK NONE'];
  const durations: readonly (readonly [string, number | undefined])[] = [
    ['interval', healthcheck.Interval],
    ['timeout', healthcheck.Timeout],
    ['start-period', healthcheck.StartPeriod],
    ['start-interval', healthcheck.StartInterval],
  ];
  const options = [
    ...durations.flatMap(([option, value]) => (value ? [`--${option}=${value}ns`] : [])),
    ...(healthcheck.Retries ? [`--retries=${healthcheck.Retries}`] : []),
  ];
  const command = kind === 'CMD-SHELL' ? instruction(args.join(' ')) : JSON.stringify(args);
  return [['HEALTHCHECK', ...options, 'CMD', command].join(' ')];
}

/** @see Dockerfile reference, "Environment replacement": what a word in double quotes must escape */
function quote(text: string): string {
  return `"${oneLine(text).replace(/[\\"$]/g, '\\$&')}"`;
}

/** What stands as it is: a port, a signal, an image. */
export function word(text: string): string {
  if (/^[\w][\w.+:/@-]*$/.test(text)) return text;
  throw cannotSay(text);
}

/** The rest of a line as the engine's shell gets it: it goes on to the next line at a backslash, or at a here-document. */
function instruction(text: string): string {
  if (/\\\s*$|<</.test(text)) throw cannotSay(text);
  return oneLine(text);
}

function name(text: string): string {
  if (/^[^\s"'\\$=]+$/.test(text)) return text;
  throw cannotSay(text);
}

function oneLine(text: string): string {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text.replaceAll('\t', ''))) throw cannotSay(text);
  return text;
}

function cannotSay(text: string): BuildError {
  return new BuildError(
    'BUILD_NO_INSTRUCTION',
    `no Dockerfile can say ${JSON.stringify(text)}, which the source's configuration holds`,
    {
      hint: 'Build the image itself (`buildImage`), or write it (`writeOutput`): both carry any configuration.',
    },
  );
}
