import { join } from 'node:path';
import type { Case } from './cases.ts';
import { type Ended, run } from './run.ts';

/** Where results are started. */
export interface StartedOn {
  /** The client: docker or podman. */
  readonly client: string;
  /** By which it finds its engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** An image with a shell that can ask a server. */
  readonly base: string;
}

export interface Starts {
  readonly tag: string;
  /** Of the rights. */
  readonly folder: string;
  readonly count: number;
}

const AT_ONCE = 2;
const ATTEMPTS = 100;
const ATTEMPT_MS = 100;

/** Start a result again and again under its rights, by run.sh: what each start that did otherwise did. */
export async function failuresOf(
  one: Case,
  { tag, folder, count }: Starts,
  { client, environment, base }: StartedOn,
): Promise<readonly string[]> {
  const variables = { ...environment, ENGINE: client };
  const script = ['sh', join(folder, 'run.sh'), ...one.options];
  const plain = [client, 'run', '--rm', ...one.options];
  const expected =
    one.service === undefined ? await run([...plain, tag, ...one.command], variables) : undefined;
  const startOnce = async (): Promise<string | undefined> => {
    if (expected !== undefined) {
      const ended = await run([...script, tag, ...one.command], variables);
      const isSame = ended.status === expected.status && (one.varies || ended.stdout === expected.stdout);
      return isSame ? undefined : describe(ended);
    }
    const begun = await run([...script, '--detach', tag, ...one.command], variables);
    const id = begun.stdout.trim();
    const answered = await isAnswered(one, [client, id], base, variables);
    await run([client, 'rm', '--force', id], variables);
    return answered ? undefined : `no answer; ${describe(begun)}`;
  };
  const failures: string[] = [];
  let left = count;
  const startSome = async () => {
    while (left-- > 0) {
      const failure = await startOnce();
      if (failure !== undefined) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, startSome));
  return failures;
}

function describe({ status, stdout, stderr }: Ended): string {
  return `status ${status}: ${(stdout + stderr).trim().slice(0, 200)}`;
}

const ASK = (path: string) =>
  `exec 3<>/dev/tcp/127.0.0.1/80 && printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]`;

/** Asked inside the container, as HEALTHCHECK asks; or over HTTP by one that shares its network. */
async function isAnswered(
  { service = {} }: Case,
  [client, id]: readonly [string, string],
  base: string,
  variables: object,
): Promise<boolean> {
  const words =
    service.exec === undefined
      ? [client, 'run', '--rm', '--network', `container:${id}`, base, 'bash', '-c', ASK(service.path ?? '/')]
      : [client, 'exec', id, ...service.exec];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if ((await run(words, variables)).status === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, ATTEMPT_MS));
  }
  return false;
}
