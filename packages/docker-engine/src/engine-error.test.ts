import { describe, expect, it } from 'vitest';
import { EngineError, engineMessageToError, toEngineError } from './engine-error.js';

describe("an engine's sentence", () => {
  it.each([
    ['NO_SPACE', 'write /usr/lib/x: no space left on device'],
    ['NO_SPACE', 'mkdir: disk quota exceeded'],
    ['TOO_MANY_LAYERS', 'max depth exceeded'],
    ['NO_SWARM', 'This node is not a swarm manager. Use "docker swarm init" to connect this node to swarm.'],
    ['USER_NOT_FOUND', 'unable to find user nobody2: no matching entries in passwd file'],
    ['USER_NOT_FOUND', 'unable to find group g: no matching entries in group file'],
    [
      'USER_NOT_FOUND',
      'OCI runtime exec failed: exec failed: unable to start container process: unable to find user x',
    ],
    ['WRONG_ARCHITECTURE', 'exec /bin/x: exec format error'],
    ['WRONG_ARCHITECTURE', 'standard_init_linux.go:228: exec user process caused: exec format error'],
    [
      'WRONG_ARCHITECTURE',
      'image with reference a was found but does not match the specified platform: wanted linux/arm64',
    ],
    ['WRONG_ARCHITECTURE', 'image operating system "windows" cannot be used on this platform'],
    [
      'COMMAND_NOT_FOUND',
      'OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown',
    ],
    [
      'COMMAND_NOT_FOUND',
      'runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
    ],
    [
      'COMMAND_NOT_FOUND',
      'crun: executable file `nope` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    ],
    [
      'COMMAND_NOT_EXECUTABLE',
      'runc create failed: unable to start container process: exec: "/etc/passwd": permission denied: unknown',
    ],
    ['COMMAND_NOT_EXECUTABLE', 'crun: open executable: Permission denied: OCI permission denied'],
    ['REFERENCE_INVALID', 'invalid reference format: repository name must be lowercase'],
    ['ENGINE_FAILED', 'something that nobody has seen before'],
  ])('%s: %s', (code, message) => {
    const error = engineMessageToError(message, 'cannot start');
    expect(error).toMatchObject({ code, message: `cannot start: ${message}` });
    expect(error.hint === undefined).toBe(code === 'ENGINE_FAILED');
  });
});

describe('what was thrown on the way', () => {
  const failed = (fields: object) => Object.assign(new Error('broken'), fields);

  it.each([
    ['ENGINE_UNREACHABLE', failed({ code: 'ECONNREFUSED' })],
    ['ENGINE_UNREACHABLE', failed({ code: 'ENOENT' })],
    ['INTERRUPTED', failed({ name: 'AbortError' })],
    ['INTERRUPTED', failed({ code: 'ABORT_ERR' })],
    ['ENGINE_FAILED', failed({ code: 'ECONNREFUSED', statusCode: 500 })],
    ['ENGINE_FAILED', failed({})],
    ['ENGINE_FAILED', 'a text'],
  ])('is %s', (code, error) => {
    const known = toEngineError(error, 'cannot try');
    expect(known).toBeInstanceOf(EngineError);
    expect(known).toMatchObject({ code, cause: error });
  });

  it("keeps the engine's own sentence, without the library's words, on one line", () => {
    const error = failed({ statusCode: 409, message: '(HTTP code 409) conflict - a\n  b ' });
    expect(toEngineError(error, 'cannot try').message).toBe('cannot try: a b');
    const withBody = failed({ statusCode: 409, message: 'x', json: { message: 'of the body' } });
    expect(toEngineError(withBody, 'cannot try').message).toBe('cannot try: of the body');
  });

  it('is left alone when it is known already', () => {
    const known = new EngineError('NO_SPACE', 'full');
    expect(toEngineError(known, 'other')).toBe(known);
  });
});
