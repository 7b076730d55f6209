import { readdirSync } from 'node:fs';
import type { RunOptions } from '@keepset/shrinker';

/** A small program that prints something that never varies and something that does. */
export interface Program {
  readonly name: string;
  /** Of chance. */
  readonly kind: string;
  readonly command: readonly string[];
  readonly options: RunOptions;
}

/** What each program is about: see the first line of each. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'order of threads': ['threads_timed', 'threads_plain', 'threads_numbered', 'background_jobs', 'fork_order'],
  times: ['log_times', 'log_extra_lines', 'dates', 'local_times'],
  durations: ['duration_beside_count', 'durations_in_units'],
  'random ids': ['uuid_line', 'token_line', 'random_names'],
  'progress lines of any number': [
    'progress_dots',
    'progress_steps',
    'progress_percent',
    'progress_bar',
    'carriage_return',
    'progress_error',
  ],
  'hash order': ['set_order', 'dictionary_order', 'hash_order'],
  ports: ['free_port', 'socket_port'],
  'process ids': ['process_ids'],
  'columns of varying width': ['table_widths', 'awk_columns'],
  'JSON with varying fields': ['json_id', 'json_optional', 'json_lines'],
  'binary with salt': [
    'salted_file',
    'pickled_file',
    'compressed_log',
    'zipped_files',
    'database',
    'encrypted',
  ],
  'temporary names': ['temporary_file', 'temporary_folder', 'temporary_name'],
  'listing counts': ['listing_counts', 'found_libraries', 'root_entries'],
  'first-run set-up on a volume': ['first_start', 'first_run', 'makes_folder'],
  'acting differently when traced': ['traced_status', 'traced_by_ptrace'],
  timers: ['timer_ticks', 'timed_loop'],
  'a walk at random': ['own_module'],
  'a line at any place': ['many_lines'],
};

/** Those that write to a volume, which runs of one shrink must not share. */
const ON_VOLUME: ReadonlySet<string> = new Set(KINDS['first-run set-up on a volume']);
export const VOLUME = 'keepset-bench-proof';

const LANGUAGES: Readonly<Record<string, { readonly folder: string; readonly interpreter: string }>> = {
  py: { folder: 'python', interpreter: 'python3' },
  sh: { folder: 'shell', interpreter: 'sh' },
  pl: { folder: 'perl', interpreter: 'perl' },
};

const FIXTURE = new URL('../../test-fixtures/images/proof/', import.meta.url).pathname;

/** All programs of the image `proof`, by kind. */
export function listPrograms(): readonly Program[] {
  const commands = new Map<string, readonly string[]>();
  for (const [extension, { folder, interpreter }] of Object.entries(LANGUAGES))
    for (const file of readdirSync(`${FIXTURE}${folder}`)) {
      const name = file.slice(0, -extension.length - 1);
      if (file.endsWith(`.${extension}`)) commands.set(name, [interpreter, `/opt/proof/${folder}/${file}`]);
    }
  return Object.entries(KINDS).flatMap(([kind, names]) =>
    names.map((name): Program => {
      const command = commands.get(name);
      if (command === undefined) throw new Error(`there is no program '${name}' in ${FIXTURE}`);
      return { name, kind, command, options: ON_VOLUME.has(name) ? { volume: [`${VOLUME}:/data`] } : {} };
    }),
  );
}
