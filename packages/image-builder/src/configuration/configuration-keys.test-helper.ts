/** Of a configuration what a Dockerfile says, but for SHELL, which docker-import(1) cannot change. */
export const CHANGED_KEYS = [
  'Env',
  'Cmd',
  'Entrypoint',
  'User',
  'WorkingDir',
  'ExposedPorts',
  'Volumes',
  'Labels',
  'Healthcheck',
  'StopSignal',
  'OnBuild',
] as const;

/** The same with SHELL. */
export const CONFIGURATION_KEYS = [...CHANGED_KEYS, 'Shell'] as const;
