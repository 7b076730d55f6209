// What the Docker CLI shows through a recording, beside what it shows without one.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine, type Engine, resolveEngineAddress } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { startRegistry, type TestRegistry } from '../../../test-fixtures/registry.ts';
import { openRecorder, type Recorded, type Recorder } from '../src/index.js';

const OWNER = `test-clients-${process.pid}`;
const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-clients-'));
let engine: Engine;
let recorder: Recorder;
let image: string;
/** Small enough to be pushed. */
let small: string;
let registry: TestRegistry;

beforeAll(async () => {
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
  engine = opened.use(await connectEngine({ address, owner: OWNER }));
  image = await ensureBase(engine);
  small = await ensureImage(engine, 'static');
  registry = opened.use(await startRegistry(folder));
  recorder = opened.use(await openRecorder(engine, { address, folder, owner: OWNER }));
});
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

let begun = 0;

/** A script with the image as $I and a name of its own as $N, which stands as NAME in what it prints. */
async function runScript(script: string, address?: string): Promise<Outcome> {
  const name = `keepset-test-clients-${process.pid}-${++begun}`;
  const own = { I: image, N: name, SMALL: small, R: registry.name };
  const env = { ...process.env, ...own, ...(address !== undefined && { DOCKER_HOST: address }) };
  const plain = (text: string) =>
    text
      .replaceAll(name, 'NAME')
      // A terminal's echo of the end of its input.
      .replaceAll('^@', '')
      .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b/g, 'ID')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, 'TIME')
      .replace(/172\.\d+\.\d+\.\d+/g, 'ADDRESS');
  return await new Promise((resolve) => {
    const child = execFile('sh', ['-c', script], { env, cwd: folder }, (error, stdout, stderr) => {
      const status = error === null ? 0 : Number(error.code ?? -1);
      resolve({ status, stdout: plain(stdout), stderr: plain(stderr) });
    });
    child.stdin?.end('some input\n');
  });
}

describe('a client sees no difference', () => {
  it.each([
    ['run', 'docker run --rm $I sh -c "echo out; echo err >&2; exit 7"'],
    ['run -i', 'docker run --rm -i $I cat'],
    ['run -t', 'docker run --rm -t $I sh -c "tty; echo err >&2"'],
    ['run -it', 'script -qec "docker run --rm -it $I sh -c \'stty size; tty\'" /dev/null < /dev/null'],
    ['run --init', 'docker run --rm --init $I cat /proc/1/comm'],
    [
      'who it is',
      'docker run --rm $I sh -c "id; echo $HOME; umask; grep -h Cap /proc/self/status; env | sort | grep -v HOSTNAME"',
    ],
    [
      'a user',
      'docker run --rm -u nobody -w /tmp -e A=1 -e LANG=C.UTF-8 $I sh -c "id; pwd; echo \\$HOME; env | sort | grep -v HOSTNAME"',
    ],
    [
      'rights',
      'docker run --rm --cap-drop ALL --cap-add CHOWN --group-add 7 $I sh -c "id; grep Cap /proc/self/status"',
    ],
    ['read-only', 'docker run --rm --read-only --tmpfs /tmp $I sh -c "touch /tmp/x; touch /x"'],
    [
      'process 1',
      'docker run --rm $I sh -c "echo \\$\\$; cat /proc/1/comm; ls /; cat /proc/mounts | wc -l > /dev/null"',
    ],
    [
      'a signal',
      'docker run -d --name $N $I sleep 60; docker kill -s TERM $N; docker kill $N; docker wait $N; docker rm $N',
    ],
    [
      'a trap',
      'docker run -d --name $N $I sh -c "trap \'echo bye; exit 5\' TERM; echo up; sleep 60 & wait"; sleep 1; docker stop -t 5 $N; docker logs $N; docker inspect -f "{{.State.ExitCode}}" $N; docker rm $N',
    ],
    ['attach', 'docker create -i --name $N $I cat; echo more | docker start -ai $N; docker rm $N'],
    [
      'attach to what runs',
      'docker run -di --name $N $I sh -c "read x; echo got \\$x; exit 4"; echo word | docker attach $N > attached; docker wait $N; docker logs $N; docker rm $N',
    ],
    [
      'logs -f',
      'docker run -d --name $N $I sh -c "echo 1; sleep 0.3; echo 2"; docker logs -f $N; docker rm $N',
    ],
    [
      'exec',
      'docker run -d --name $N $I sleep 60; docker exec $N sh -c "id; exit 3"; echo $?; docker exec -u nobody -w /etc -e B=2 $N sh -c "id; pwd; echo $B"; docker exec -i $N cat; docker exec -d $N true; docker rm -f $N',
    ],
    [
      'exec -it',
      'docker run -d --name $N $I sleep 60; script -qec "docker exec -it $N tty" /dev/null < /dev/null; docker rm -f $N',
    ],
    [
      'cp',
      'docker create --name $N $I true; echo a > $N.txt; docker cp $N.txt $N:/etc/x; docker cp $N:/etc/x - | tar tf -; docker diff $N; docker rm $N',
    ],
    [
      'ps and top',
      'docker run -d --name $N $I sleep "60"; docker ps -a --no-trunc --filter name=$N --format "{{.Command}} {{.Mounts}} {{.Names}}"; docker top $N -o comm,args; docker rm -f $N',
    ],
    [
      'inspect',
      // One variable alone: the command sends several in any order.
      'docker run -d --name $N -u nobody -e TZ --cap-add SYS_ADMIN --cap-drop MKNOD -v /tmp:/data:ro --mount type=tmpfs,target=/t --label a=b --health-cmd "true || false" $I sleep 60; docker inspect -f "{{json .Config}} {{json .HostConfig}} {{.Path}} {{json .Args}} {{.Name}}" $N; docker inspect -f "{{range .Mounts}}{{json .}}{{println}}{{end}}" $N | sort; docker rm -f $N',
    ],
    [
      'inspect of little',
      'docker create --name $N $I; docker inspect -f "{{json .Config}} {{json .HostConfig}} {{.Path}} {{json .Args}} {{json .Mounts}}" $N; docker rm $N',
    ],
    [
      'a health check',
      'docker run -d --name $N -u nobody --health-cmd "id -un" --health-interval 200ms $I sleep 60; sleep 1.5; docker inspect -f "{{.State.Health.Status}} {{(index .State.Health.Log 0).Output}}" $N; docker rm -f $N',
    ],
    [
      'commit',
      'docker run --name $N -e A=1 -e LANG=C --entrypoint echo $I a b; docker commit -c "ENV C=3" $N $N:new > /dev/null; docker inspect -f "{{json .Config}}" $N:new | tr "[]," "\n" | sort; docker run --rm $N:new; docker rm $N; docker rmi $N:new > /dev/null',
    ],
    [
      'events',
      'docker events --filter container=$N --format "{{.Type}} {{.Action}}" > $N.events & p=$!; sleep 0.5; docker run -d --name $N $I sleep 60; docker exec $N echo "a b" c; docker rm -f $N; sleep 0.3; kill $p; cat $N.events',
    ],
    [
      'restart and pause',
      'docker run -d --name $N $I sleep 60; docker pause $N; docker unpause $N; docker restart -t 0 $N; docker rename $N $N-x; docker exec $N-x echo yes; docker rm -f $N-x',
    ],
    [
      'stats',
      'docker run -d --name $N $I sleep 60; docker stats --no-stream --format "{{.Name}} {{.PIDs}}" $N | cut -d" " -f1; docker rm -f $N',
    ],
    [
      'build',
      'printf "FROM $I\\nRUN echo built > /x\\n" | DOCKER_BUILDKIT=0 docker build -q -t $N - > /dev/null 2>&1; docker run --rm $N cat /x; docker rmi $N > /dev/null',
    ],
    [
      // The engine takes the session of a build over, by HTTP 2; clients without it say so.
      'build by BuildKit',
      'printf "FROM $I\\nRUN echo built > /x\\n" | DOCKER_BUILDKIT=1 PATH=/usr/bin:$PATH docker build -q -t $N - > /dev/null 2> err || cat err; docker run --rm $N cat /x; docker rmi $N > /dev/null',
    ],
    [
      'push and pull',
      'docker tag $SMALL $R/$N; docker push -q $R/$N; docker rmi $R/$N > /dev/null; docker run --rm --pull always -q $R/$N; docker pull -q $R/$N; docker rmi $R/$N > /dev/null',
    ],
    [
      'volumes and a network',
      'docker volume create $N; docker network create $N; docker run --rm -v $N:/v --network $N $I sh -c "echo x > /v/x"; docker run --rm -v $N:/v $I cat /v/x; docker volume rm $N; docker network rm $N',
    ],
    ['no such image', 'docker inspect nosuch-image-x; docker create no/such:image-x 2>&1 | grep -c Unable'],
    [
      'no command',
      'printf "FROM scratch\\nLABEL a=b\\n" | DOCKER_BUILDKIT=0 docker build -q -t $N - > /dev/null 2>&1; docker create $N; docker rmi $N > /dev/null',
    ],
    ['save and load', 'docker save $I | docker load'],
  ])('%s', async (_, script) => {
    const [direct, through] = await Promise.all([runScript(script), runScript(script, recorder.address)]);
    expect(through).toEqual(direct);
  });
});

describe('after that', () => {
  let recorded: Recorded;
  beforeAll(async () => {
    recorded = await recorder.finish();
  });

  it('each container that was executed has a trace, with the end of its programs', () => {
    const executed = recorded.containers.filter(({ starts }) => starts > 0);
    expect(executed.length).toBeGreaterThan(20);
    for (const { launches, starts, run } of executed) {
      expect(launches.length, run.command.join(' ')).toBe(starts);
      for (const launch of launches) expect(launch.isLaunched).toBe(true);
    }
  });

  it('exit status, output and programs beside it are known', () => {
    const [first] = recorded.containers.filter(({ run }) => run.command.join(' ').includes('exit 7'));
    expect(first).toMatchObject({
      exitStatus: 7,
      output: { stdout: { sizeBytes: 4 }, stderr: { sizeBytes: 4 } },
    });
    const execs = recorded.containers.flatMap((container) => container.execs);
    expect(execs.map(({ command, exitStatus }) => [command.join(' '), exitStatus])).toContainEqual([
      'sh -c id; exit 3',
      3,
    ]);
    // As the client saw it, with a terminal and without; of one that was detached, nothing.
    const printed = (command: string) =>
      execs
        .filter((exec) => exec.command.join(' ') === command)
        .map(({ output }) => output?.stdout.sizeBytes);
    expect(printed('tty')[0]).toBeGreaterThanOrEqual('/dev/pts/0\r\n'.length);
    expect(printed('cat')).toEqual(['some input\n'.length]);
    expect(printed('true')).toEqual([0]);
    expect(printed('echo a b c')).toEqual([6]);
    expect(execs.find(({ workingDirectory }) => workingDirectory === '/etc')?.command[0]).toBe('sh');
  });

  it('values of variables are nowhere', () => {
    const variables = recorded.containers.flatMap(({ run }) => run.variables);
    expect(new Set(variables)).toEqual(new Set(['A', 'LANG', 'TZ']));
    expect(JSON.stringify(recorded.containers.map(({ run }) => run))).not.toContain('A=1');
  });
});
