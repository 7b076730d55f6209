import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { type HereOptions, runHere, shrinkHere } from './shrink-here.ts';

const NAME = `keepset/test-proof-${process.pid}`;
/** Entries of folders that programs only list. */
const PLUGINS = 12;
const MIGRATIONS = 40;

let engine: Engine;
let image: string;
const folder = mkdtempSync(join(tmpdir(), 'test-proof-'));

beforeAll(async () => {
  engine = await connectTestEngine();
  const dockerfile = `FROM ${await ensureBase(engine)}
RUN mkdir -p /srv/plugins /srv/migrations \\
 && for i in $(seq ${PLUGINS}); do echo "plugin $i" >/srv/plugins/$i; done \\
 && for i in $(seq ${MIGRATIONS}); do echo "migration $i" >/srv/migrations/$i.sql; done
`;
  const context = [{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }];
  image = await engine.buildImage(context, { tag: `${NAME}:source` });
});
afterAll(async () => {
  await engine.removeImage(`${NAME}:source`);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function perl(script: string): readonly string[] {
  return ['perl', '-e', script];
}

function shell(script: string): readonly string[] {
  return ['sh', '-c', script];
}

const COUNT = 'opendir(my $d, "/srv/plugins"); my $n = grep { !/^\\./ } readdir $d;';

/** Shrink, run the result, and remove it. */
async function shrinkAndRun(command: readonly string[], options: HereOptions = {}) {
  const { result, events, stdout } = await shrinkHere(engine, { image, command, ...options });
  const { output } = await runHere(engine, result.id, command);
  await engine.removeImage(result.id);
  return { result, events, stdout, output };
}

describe('what the source determines is the same in the result, whatever varies around it', () => {
  it('a line beside lines in any order', async () => {
    const script = `for my $i (1 .. 3) { next if fork; select undef, undef, undef, rand 0.3; printf "%d took %.3f s\\n", $i, rand; exit } wait for 1 .. 3; ${COUNT} print "plugins: $n\\n"`;
    const { result, output } = await shrinkAndRun(perl(script));
    expect(output).toContain(`plugins: ${PLUGINS}\n`);
    expect(result).toMatchObject({ verified: true, verification: { level: 'verified' } });
  });

  it('lines beside any number of lines of progress', async () => {
    const script = `$| = 1; print "progress $_\\n" for 1 .. 10 + int rand 10; ${COUNT} print "plugins: $n\\n", "accuracy: ", ($n ? 0.93 : 0.1), "\\n"`;
    const { output } = await shrinkAndRun(perl(script));
    expect(output).toContain(`plugins: ${PLUGINS}\naccuracy: 0.93\n`);
  });

  it.each([
    ['entries of the root', 'ls -A / | wc -l'],
    ['files anywhere', 'find / -xdev -name "*.sql" | wc -l'],
  ])('a number that tracing changes: %s', async (_title, script) => {
    const { output: wanted } = await runHere(engine, image, shell(script));
    const { output } = await shrinkAndRun(shell(script));
    expect(output).toBe(wanted);
  });

  it('the size of what is encrypted; the rest is never called verified', async () => {
    const script =
      'my $text = join "", map { "$_\\n" } sort glob "/srv/plugins/*"; open my $f, ">", "/out"; print $f map { chr int rand 256 } 1 .. length $text';
    const { result } = await shrinkAndRun(perl(script));
    expect(result.keepList).toContain('/srv/plugins/12');
    expect(result.verified).toBe(false);
    expect(result.verification).toMatchObject({
      level: 'verified in part',
      notCompared: [{ run: 'main', where: { path: '/out' } }],
    });
    await expect(shrinkHere(engine, { image, command: perl(script), strict: true })).rejects.toMatchObject({
      code: expect.stringMatching(/VERIFIED_IN_PART|OVER_SHRUNK/),
    });
  });
});

describe('a program that does otherwise when it is traced', () => {
  const untraced = (script: string) =>
    `open S, "<", "/proc/self/status"; my ($t) = grep { /TracerPid/ } <S>; print "begun\\n"; if ($t =~ /\\s0$/) { ${script} }`;

  it.each([
    [
      'a file',
      'open F, "<", "/srv/plugins/1" or die "cannot open /srv/plugins/1: $!\\n"; print <F>',
      'plugin 1\n',
    ],
    [
      'a file of the working directory',
      'open F, "<", "srv/plugins/2" or die "srv/plugins/2: $!\\n"; print <F>',
      'plugin 2\n',
    ],
    ['a program', 'exec "expr", 3, "+", 4 or die "expr: not found\\n"', '7\n'],
  ])('is given %s that it says it lacks', async (_title, script, output) => {
    const { output: printed, result } = await shrinkAndRun(perl(untraced(script)));
    expect(printed).toBe(`begun\n${output}`);
    expect(result.verified).toBe(true);
  });

  it('is refused where nothing shows what it needs without a tracer', async () => {
    const script =
      'open S, "<", "/proc/self/status"; my ($t) = grep { /TracerPid/ } <S>; if ($t =~ /\\s0$/) { open F, "<", "/srv/plugins/1"; print <F> } else { print "basic mode\\n" }';
    await expect(shrinkHere(engine, { image, command: perl(script) })).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringContaining('instead of "plugin 1"'),
    });
  });

  it('is warned of where it needs nothing else', async () => {
    const script =
      'open S, "<", "/proc/self/status"; my ($t) = grep { /TracerPid/ } <S>; print $t =~ /\\s0$/ ? "plain\\n" : "traced\\n"';
    const { result, events, output } = await shrinkAndRun(perl(script));
    expect(output).toBe('plain\n');
    expect(result.verified).toBe(true);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'note', code: 'TRACED_DIFFERENTLY' }));
  });

  it('is held against the traced run where the caller wants that, and the verdict says so', async () => {
    const { result } = await shrinkAndRun(['cat', '/srv/plugins/1'], { reference: 'traced' });
    expect(result.verification).toMatchObject({
      level: 'verified',
      reference: 'traced',
      runs: { source: 1 },
    });
  });
});

describe('each run starts from the same state', () => {
  const SET_UP = '[ -e /data/version ] || { ls /srv/migrations | wc -l >/data/version; }; cat /data/version';

  it('a set-up on a fresh volume is proven, and the volume is not made', async () => {
    const volume = `keepset-test-proof-${process.pid}`;
    const options = { volume: [`${volume}:/data`] };
    const { result, stdout } = await shrinkHere(engine, { image, command: shell(SET_UP), options });
    expect(stdout).toBe(`${MIGRATIONS}\n`);
    expect(result.keepList).toContain(`/srv/migrations/${MIGRATIONS}.sql`);
    expect(await engine.hasVolume(volume)).toBe(false);
    await engine.removeImage(result.id);
  });

  it('a folder of the host is as it was', async () => {
    const script = 'mkdir /out/run || exit 1; ls /srv/plugins | wc -l | tee /out/run/count';
    const options = { volume: [`${folder}:/out`] };
    const { result, stdout } = await shrinkHere(engine, { image, command: shell(script), options });
    expect(stdout).toBe(`${PLUGINS}\n`);
    expect(result.verification.files.exactly).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
    await engine.removeImage(result.id);
  });

  it('a folder has its owner, its mode and all that is in it', async () => {
    mkdirSync(join(folder, 'data/below'), { recursive: true });
    writeFileSync(join(folder, 'data/below/file'), 'there\n');
    chownSync(join(folder, 'data'), 1234, 5678);
    chmodSync(join(folder, 'data'), 0o2710);
    const options = { volume: [`${folder}/data:/srv/deep/data`] };
    const command = shell('stat -c "%a %u %g" /srv/deep/data; cat /srv/deep/data/below/file');
    const { result, stdout } = await shrinkHere(engine, { image, command, options });
    expect(stdout).toBe('2710 1234 5678\nthere\n');
    await engine.removeImage(result.id);
    rmSync(join(folder, 'data'), { recursive: true });
  });

  it('but for the traced run, where the caller wants what it writes', async () => {
    const options = { volume: [`${folder}:/out`] };
    const command = shell('echo made >/out/made; ls /out');
    const { result } = await shrinkHere(engine, { image, command, options, writeMounts: true });
    expect(readdirSync(folder)).toEqual(['made']);
    expect(result.verified).toBe(true);
    rmSync(join(folder, 'made'));
    await engine.removeImage(result.id);
  });

  it('what is too large to be copied is shared, and cannot be written to', async () => {
    const options = { volume: [`${folder}:/out`] };
    const command = shell('echo x 2>/dev/null >/out/x || echo refused');
    const { result, stdout, events } = await shrinkHere(engine, {
      image,
      command,
      options,
      copyMountsBytesMax: 100,
    });
    expect(stdout).toBe('refused\n');
    expect(readdirSync(folder)).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ code: 'MOUNT_SHARED' }));
    await engine.removeImage(result.id);
  });
});

describe('a repair needs evidence', () => {
  it('brings entries of a listed folder back whole, and says what differed without them', async () => {
    const command = shell('set -- /srv/plugins/*; echo $#');
    const { result } = await shrinkHere(engine, { image, command });
    expect((await runHere(engine, result.id, shell('read line </srv/plugins/7; echo $line'))).output).toBe(
      'plugin 7\n',
    );
    expect(result.repairs[0]).toMatchObject({ because: expect.stringContaining(`instead of "${PLUGINS}"`) });
    expect(result.listed).toBe('keep');
    await engine.removeImage(result.id);
  });

  it('a command that succeeds only sometimes is refused', async () => {
    const command = perl('exit(rand() < 0.5)');
    const codes: string[] = [];
    for (let round = 0; round < 4; round++) {
      const outcome = await shrinkHere(engine, { image, command }).catch(
        (error) => error as { code: string },
      );
      if ('code' in outcome) codes.push(outcome.code);
      else await engine.removeImage(outcome.result.id);
    }
    // One in 4,096 times, all four succeed in all that is asked of them.
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes)
      expect(code).toMatch(/^(COMMAND_FAILED|COMMAND_FLAKY|RESULT_FLAKY|VERIFICATION_FAILED)$/);
  });
});

it('a place that the engine makes keeps the links on its way', async () => {
  const { result } = await shrinkHere(engine, { image, command: ['true'], options: { init: true } });
  expect(result.verified).toBe(true);
  expect(result.keepList).toContain('/sbin\n');
  await engine.removeImage(result.id);
});

it('a program that ends while 40 others wait has a whole trace', async () => {
  const command = shell('for i in $(seq 40); do (sleep 60) & done; sleep 0.2; echo done');
  for (let round = 0; round < 3; round++) {
    const { stdout } = await shrinkAndRun(command);
    expect(stdout).toBe('done\n');
  }
});
