// Who may import whom: the design's table. docs/architecture.md shows it; tests hold both against the sources.

/** Which packages of ours each package may import: the design's table. What is not listed here is forbidden. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'strace-parser': [],
  'strace-tools': ['strace-parser'],
  'symlink-resolver': [],
  'image-tree': ['symlink-resolver'],
  'keep-planner': ['strace-parser', 'symlink-resolver', 'image-tree'],
  'docker-engine': [],
  toolbox: ['docker-engine'],
  tracer: ['strace-parser', 'toolbox', 'docker-engine'],
  'image-source': ['symlink-resolver', 'image-tree', 'docker-engine', 'toolbox'],
  'image-builder': ['symlink-resolver', 'docker-engine', 'toolbox', 'image-source'],
  inventory: ['symlink-resolver', 'image-tree'],
  'run-comparison': [],
  report: [],
  recorder: ['docker-engine', 'toolbox', 'tracer'],
  manifest: [
    'strace-parser',
    'symlink-resolver',
    'image-tree',
    'keep-planner',
    'inventory',
    'run-comparison',
    'report',
  ],
  shrinker: [
    'strace-parser',
    'symlink-resolver',
    'image-tree',
    'keep-planner',
    'docker-engine',
    'toolbox',
    'tracer',
    'image-source',
    'image-builder',
    'inventory',
    'run-comparison',
    'manifest',
    'recorder',
  ],
  archive: [
    'strace-parser',
    'keep-planner',
    'docker-engine',
    'image-builder',
    'run-comparison',
    'manifest',
    'shrinker',
  ],
  cli: [
    'strace-parser',
    'keep-planner',
    'docker-engine',
    'toolbox',
    'tracer',
    'image-source',
    'image-builder',
    'inventory',
    'run-comparison',
    'manifest',
    'report',
    'recorder',
    'shrinker',
    'archive',
  ],
  action: ['manifest', 'cli'],
};

/**
 * Of packages with folders that are steps: which folders each folder may import. Files beside the folders are recipes,
 * which may import all, but for those that every folder may know.
 */
export const FOLDERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  manifest: {
    record: [],
    listing: ['record'],
    usage: ['record', 'listing'],
    affected: ['record', 'usage'],
    cost: ['record', 'listing'],
    documents: ['record', 'usage', 'affected'],
  },
  shrinker: {
    source: [],
    run: ['source'],
    plan: ['source', 'run'],
    publish: ['source'],
    proof: ['source', 'run', 'plan', 'publish'],
    'trace-file': ['source', 'run', 'plan'],
    recording: ['source', 'run', 'plan', 'trace-file'],
  },
  recorder: {
    api: [],
    proxy: [],
    session: ['api', 'proxy'],
  },
  archive: {
    deposit: [],
    contents: ['deposit'],
    image: ['contents'],
    expected: ['deposit', 'contents'],
    report: ['deposit'],
  },
  cli: {
    options: [],
    definitions: ['options'],
    documents: ['options'],
    completion: ['options'],
    terminal: ['options', 'inputs'],
    inputs: ['options', 'definitions', 'terminal'],
    images: ['options', 'inputs', 'terminal'],
    commands: ['options', 'definitions', 'completion', 'inputs', 'images', 'terminal'],
  },
};

/** Files beside the folders that every folder may know. */
export const FOR_ALL_FOLDERS: readonly string[] = [
  'archive-error.ts',
  'manifest-error.ts',
  'progress.ts',
  'shrink-error.ts',
  'version.ts',
];
