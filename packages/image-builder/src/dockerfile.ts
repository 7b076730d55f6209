// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are arguments of Dockerfiles
import type { ImageConfig } from '@keepset/docker-engine';
import { BuildError } from './build-error.js';

export interface DockerfileRequest {
  /** The source's, which the result gets. */
  readonly config: ImageConfig;
  /** Of the source, better with its digest: what FROM names. */
  readonly source: string;
  /** An image with GNU tar and GNU coreutils. Default debian:bookworm-slim. */
  readonly tools?: string;
  /** Byte strings, absolute, real, sorted by bytes. */
  readonly paths: readonly string[];
  /** Those of the paths that go in as empty files. */
  readonly stubs?: ReadonlySet<string>;
}

/** A file of a build context. */
export interface ContextFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/**
 * A build context that makes the same files and the same configuration with BuildKit, without keepset: the kept files
 * are selected in one stage and copied into an empty image.
 *
 * @throws BuildError BUILD_NO_INSTRUCTION  the configuration holds what no Dockerfile can say
 * @see Dockerfile reference, "RUN --mount=type=bind", "COPY --from"
 */
export function toBuildContext(request: DockerfileRequest): readonly ContextFile[] {
  const { config, source, tools = 'debian:bookworm-slim', paths, stubs = new Set() } = request;
  const whole = paths.filter((path) => !stubs.has(path));
  const empty = paths.filter((path) => stubs.has(path));
  const text = [
    '# Made by keepset: the files of keep.list out of the source, in one layer, configured as the source is.',
    `ARG SOURCE=${source}`,
    `ARG TOOLS=${tools}`,
    'FROM ${SOURCE} AS source',
    'FROM ${TOOLS} AS select',
    'COPY keep.list stubs.list /keepset/',
    'RUN --mount=type=bind,from=source,target=/keepset/source \\',
    '    mkdir /keepset/kept && cd /keepset/kept \\',
    // First, since each one renews the time of its folder.
    ` && xargs --null --no-run-if-empty --arg-file=/keepset/stubs.list --max-args=1 sh -c '${MAKE_STUB}' sh \\`,
    ` && tar ${CREATE.join(' ')} | tar ${EXTRACT.join(' ')}`,
    'FROM scratch',
    'COPY --from=select /keepset/kept/ /',
    ...toInstructions(config),
    '',
  ].join('\n');
  return [
    { name: 'Dockerfile', content: text },
    { name: 'keep.list', content: toList(whole) },
    { name: 'stubs.list', content: toList(empty) },
  ];
}

const CREATE = [
  '--create',
  '--file=-',
  '--format=posix',
  '--numeric-owner',
  "--xattrs --xattrs-include='*'",
  '--sparse',
  '--no-recursion',
  '--null',
  '--no-unquote',
  '--verbatim-files-from',
  '--directory=/keepset/source',
  '--files-from=/keepset/keep.list',
];
const EXTRACT = [
  '--extract',
  '--file=-',
  '--numeric-owner',
  '--same-owner',
  '--same-permissions',
  "--xattrs --xattrs-include='*'",
];
/** @see chown(1), chmod(1), touch(1), "--reference" */
const MAKE_STUB =
  'mkdir -p "$(dirname "./$1")" && : > "./$1" && for tool in chown chmod touch; do "$tool" --reference="/keepset/source/$1" "./$1" || exit 255; done';

/** Relative to the root, each ended by a NUL: the one byte that no name can hold. */
function toList(paths: readonly string[]): Uint8Array {
  return Buffer.from(paths.map((path) => `${path === '/' ? './' : path.slice(1)}\0`).join(''), 'latin1');
}

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
      const at = variable.indexOf('=');
      return `ENV ${name(variable.slice(0, at))}=${quote(variable.slice(at + 1))}`;
    }),
    ...Object.entries((config.Labels as Record<string, string> | null | undefined) ?? {}).map(
      ([key, value]) => `LABEL ${quote(key)}=${quote(value)}`,
    ),
    ...names('ExposedPorts').map((port) => `EXPOSE ${port}`),
    ...(names('Volumes').length === 0 ? [] : [`VOLUME ${JSON.stringify(names('Volumes'))}`]),
    ...(shell.length === 0 ? [] : [`SHELL ${JSON.stringify(shell)}`]),
    ...(config.WorkingDir ? [`WORKDIR ${quote(config.WorkingDir)}`] : []),
    ...(config.User ? [`USER ${quote(config.User)}`] : []),
    ...(config.StopSignal ? [`STOPSIGNAL ${config.StopSignal as string}`] : []),
    ...toHealthcheck(config.Healthcheck as Healthcheck | null | undefined),
    ...list('OnBuild').map((trigger) => `ONBUILD ${oneLine(trigger)}`),
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
  const [kind, ...words] = healthcheck?.Test ?? [];
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
  const command = kind === 'CMD-SHELL' ? oneLine(words.join(' ')) : JSON.stringify(words);
  return [['HEALTHCHECK', ...options, 'CMD', command].join(' ')];
}

/** @see Dockerfile reference, "Environment replacement": what a word in double quotes must escape */
function quote(text: string): string {
  return `"${oneLine(text).replace(/[\\"$]/g, '\\$&')}"`;
}

function name(text: string): string {
  if (/^[^\s"'\\$=]+$/.test(text)) return text;
  throw cannotSay(text);
}

function oneLine(text: string): string {
  if (/[\n\r]/.test(text)) throw cannotSay(text);
  return text;
}

function cannotSay(text: string): BuildError {
  return new BuildError(
    'BUILD_NO_INSTRUCTION',
    `no Dockerfile can say ${JSON.stringify(text)}, which the source's configuration holds`,
    {
      hint: 'Use keepset shrink, or -o type=oci, which carry any configuration.',
    },
  );
}

/** One image of a bake file. */
export interface BakeTarget {
  /** Letters, digits, `_` and `-`. */
  readonly name: string;
  /** A folder, relative to the bake file. */
  readonly context: string;
  readonly tags: readonly string[];
}

/** @see docker buildx bake, "Bake file reference" */
export function toBakeFile(targets: readonly BakeTarget[]): string {
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
  return [
    `group "default" {\n  targets = ${list(targets.map((target) => target.name))}\n}\n`,
    ...targets.map(
      (target) =>
        `target ${JSON.stringify(target.name)} {\n  context = ${JSON.stringify(target.context)}\n  tags = ${list(target.tags)}\n}\n`,
    ),
  ].join('\n');
}
