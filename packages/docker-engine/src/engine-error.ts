/** What went wrong at the engine; part of the API. */
export type EngineErrorCode =
  | 'ENGINE_UNREACHABLE'
  | 'ENGINE_ADDRESS_INVALID'
  | 'ENGINE_FAILED'
  | 'ENGINE_FORBIDS'
  | 'INTERRUPTED'
  | 'IMAGE_NOT_FOUND'
  | 'REFERENCE_INVALID'
  | 'RUN_OPTION_INVALID'
  | 'NO_SPACE'
  | 'NO_SWARM'
  | 'TOO_MANY_LAYERS'
  | 'USER_NOT_FOUND'
  | 'COMMAND_NOT_FOUND'
  | 'COMMAND_NOT_EXECUTABLE'
  | 'WRONG_ARCHITECTURE'
  | 'NAME_TAKEN'
  | 'EXEC_FAILED'
  | 'PUSH_FAILED'
  | 'CREDENTIALS_UNREADABLE'
  | 'REGISTRY_UNREACHABLE'
  | 'REGISTRY_UNTRUSTED'
  | 'REGISTRY_REFUSED'
  | 'REGISTRY_NOT_FOUND'
  | 'REGISTRY_FAILED'
  | 'REGISTRY_BAD_ANSWER';

/** The one error class of this package: a stable code, one sentence, and the way out. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  /** What the user can do about it; one sentence. */
  readonly hint: string | undefined;
  /** Numbers and names that the message is made of, for a caller who words it otherwise. */
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(
    code: EngineErrorCode,
    message: string,
    options: {
      readonly hint?: string;
      readonly facts?: Readonly<Record<string, string | number>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
  }
}

/** A sentence of engines, and what it means to a user. */
interface EngineMessage {
  readonly pattern: RegExp;
  readonly code: EngineErrorCode;
  readonly hint: string;
}

/** What engines (Docker, containerd, runc, crun, Podman) say. */
const ENGINE_MESSAGES: readonly EngineMessage[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'NO_SPACE',
    hint: "Free space where the engine keeps its data ('docker system df' shows what takes it), then try again.",
  },
  {
    pattern: /not a swarm manager|not part of a swarm/i,
    code: 'NO_SWARM',
    hint: "Ask an engine that is a manager: DOCKER_HOST names it; 'docker swarm init' makes it one.",
  },
  {
    pattern: /max depth exceeded/i,
    code: 'TOO_MANY_LAYERS',
    hint: 'The image has as many layers as the engine takes: make one of them first (flatten it).',
  },
  {
    pattern: /unable to find (user|group)|no matching entries in (passwd|group)|user .* does not exist/i,
    code: 'USER_NOT_FOUND',
    hint: 'Name a user that the image has, or a numeric one such as 1000:1000.',
  },
  {
    pattern: /exec format error|does not match the (specified|detected) platform|image operating system/i,
    code: 'WRONG_ARCHITECTURE',
    hint: 'Use an image built for the architecture of the engine, or an engine of the architecture of the image.',
  },
  {
    pattern: /executable file not found|no such file or directory.*exec|exec.*no such file or directory/i,
    code: 'COMMAND_NOT_FOUND',
    hint: 'Check the spelling of the command, and that the image has it.',
  },
  {
    pattern: /exec.*permission denied|permission denied.*exec/i,
    code: 'COMMAND_NOT_EXECUTABLE',
    hint: 'The file is there but may not be executed: check its mode and the user of the run.',
  },
  {
    pattern: /invalid reference format|invalid repository name|must be lowercase/i,
    code: 'REFERENCE_INVALID',
    hint: 'A reference looks like NAME[:TAG], in lower case.',
  },
];

/** The shape that dockerode and node give their errors. */
interface ForeignError {
  readonly message?: string;
  readonly code?: string;
  readonly name?: string;
  readonly statusCode?: number;
  readonly json?: unknown;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'EPERM',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EPIPE',
  'EAI_AGAIN',
]);

/**
 * Turn whatever was thrown on the way to the engine into an EngineError.
 *
 * @param error    from dockerode, node's net and http, or our own
 * @param context  what was tried, as the start of a sentence: "cannot start the container"
 */
export function toEngineError(error: unknown, context: string): EngineError {
  if (error instanceof EngineError) return error;
  const foreign = error as ForeignError;
  if (foreign.name === 'AbortError' || foreign.code === 'ABORT_ERR') {
    return new EngineError('INTERRUPTED', 'interrupted', { cause: error });
  }
  if (foreign.statusCode === undefined && foreign.code !== undefined && UNREACHABLE.has(foreign.code)) {
    return new EngineError('ENGINE_UNREACHABLE', `${context}: the engine does not answer (${foreign.code})`, {
      hint: "Start it, or point DOCKER_HOST or DOCKER_CONTEXT at one that runs ('docker version' shows whether it answers).",
      cause: error,
    });
  }
  // An authorization plugin, or whoever stands before the engine, says no.
  if (foreign.statusCode === 403) {
    return new EngineError('ENGINE_FORBIDS', `${context}: ${engineMessage(foreign)}`, {
      hint: 'A policy of the engine forbids it: ask who runs the engine.',
      cause: error,
    });
  }
  return engineMessageToError(engineMessage(foreign), context, error);
}

/**
 * An engine's own sentence (of an HTTP error or of an `error` record in a stream) as an EngineError.
 *
 * @param context  what was tried, as the start of a sentence
 * @example engineMessageToError('no space left on device', 'cannot load').code // 'NO_SPACE'
 */
export function engineMessageToError(message: string, context: string, cause?: unknown): EngineError {
  const known = ENGINE_MESSAGES.find(({ pattern }) => pattern.test(message));
  return new EngineError(known?.code ?? 'ENGINE_FAILED', `${context}: ${message}`, {
    ...(known && { hint: known.hint }),
    cause,
  });
}

/** The engine's sentence without dockerode's prefix, on one line. */
function engineMessage(error: ForeignError): string {
  const body = error.json as { message?: unknown } | undefined;
  const text = typeof body?.message === 'string' ? body.message : (error.message ?? String(error));
  return text
    .replace(/^\(HTTP code \d+\) [^-]* - /, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether the engine answered that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return ((error as { cause?: { statusCode?: number } }).cause?.statusCode ?? 0) === 404;
}
