// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are arguments of Dockerfiles
import type { ImageConfig } from '@keepset/docker-engine';
import { toInstructions, word } from './instructions.js';

/** What a build by BuildKit is to make, and from what. */
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
 * @see Dockerfile reference, RUN with a mount of type bind, COPY from a stage
 * @example
 * const context = toBuildContext({ config: {}, source: 'debian:12', paths: ['/', '/etc'] });
 * context.map(({ name }) => name) // ['Dockerfile', 'keep.list', 'stubs.list']
 */
export function toBuildContext(request: DockerfileRequest): readonly ContextFile[] {
  const { config, source, tools = 'debian:bookworm-slim', paths, stubs = new Set() } = request;
  const whole = paths.filter((path) => !stubs.has(path));
  const empty = paths.filter((path) => stubs.has(path));
  const text = [
    '# Made by keepset: the files of keep.list out of the source, in one layer, configured as the source is.',
    `ARG SOURCE=${word(source)}`,
    `ARG TOOLS=${word(tools)}`,
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
