import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import packageJson from '../package.json' with { type: 'json' };

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
const PACKAGE_FILE = new URL('../package.json', import.meta.url).pathname;
const NAME = `keepset/test-cli-${process.pid}`;

let engine: Engine;
let base: string;
let folder: string;
let spooled: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
  folder = mkdtempSync(join(tmpdir(), 'test-cli-'));
  spooled = mkdtempSync(join(tmpdir(), 'test-cli-tmp-'));
});

afterAll(async () => {
  for (const tag of ['small', 'more', 'json', 'quiet', 'pipe', 'locked', 'changed', 'emitted', 'never'])
    await engine.removeImage(`${NAME}:${tag}`);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
  rmSync(spooled, { recursive: true });
});

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface KeepsetOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Told of what came on both streams so far, with the process's id. */
  readonly onText?: (text: string, pid: number) => void;
  /** Close our end of its standard output at once. */
  readonly closeOutput?: boolean;
}

/** Names in the one layer of a layout, as any tar reads them. */
function tarOfLayer(layout: string): readonly string[] {
  const blob = (digest: string) => join(layout, 'blobs', digest.replace(':', '/'));
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
  const manifest = read(blob(read(join(layout, 'index.json')).manifests[0].digest));
  const listed = execFileSync('tar', ['-tzf', blob(manifest.layers[0].digest)], { encoding: 'utf8' });
  return listed.trimEnd().split('\n');
}

/** The built command, as a user runs it. */
async function keepset(args: readonly string[], options: KeepsetOptions = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: spooled, ...options.environment },
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      text[name] += chunk;
      options.onText?.(text.stdout + text.stderr, child.pid ?? 0);
    });
  }
  if (options.closeOutput) child.stdout.destroy();
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, ...text };
}

describe('without an engine', () => {
  const environment = { DOCKER_HOST: 'unix:///no/such/socket' };

  it.each([
    [[], /^Usage: keepset COMMAND[\s\S]*shrink[\s\S]*check[\s\S]*why[\s\S]*prune/],
    [['--help'], /^Usage: keepset COMMAND/],
    [['help'], /^Usage: keepset COMMAND/],
    [['help', 'why'], /^Usage: keepset why/],
    [['shrink', '--help'], /^Usage: keepset shrink \[OPTIONS\] -t OUT IMAGE[\s\S]*--help --all/],
    [['shrink', '-h'], /^Usage: keepset shrink \[OPTIONS\] -t OUT IMAGE/],
    [['help', 'shrink', '--all'], /^Usage: keepset shrink \[OPTIONS\] -t OUT IMAGE[\s\S]*--listed/],
    [['check', '--help'], /^Usage: keepset check[\s\S]*--locked/],
    [['why', '--help'], /^Usage: keepset why/],
    [['restore', '--help'], /^Usage: keepset restore \[OPTIONS\] -t OUT MANIFEST PATH/],
    [['flatten', '--help'], /^Usage: keepset flatten \[OPTIONS\] -t OUT IMAGE/],
    [['emit', '--help'], /^Usage: keepset emit dockerfile -o DIR/],
    [['prune', '--help'], /^Usage: keepset prune/],
    [['affected', '--help'], /^Usage: keepset affected[\s\S]*--osv/],
    [['attest', '--help'], /^Usage: keepset attest \[OPTIONS\] MANIFEST[\s\S]*--sign/],
    [['vex', '--help'], /^Usage: keepset vex --from FILE[\s\S]*--product/],
    [['cite', '--help'], /^Usage: keepset cite[\s\S]*bibtex/],
    [['sbom', '--help'], /^Usage: keepset sbom/],
    [['prefetch', '--help'], /^Usage: keepset prefetch[\s\S]*--format/],
    [['packages', '--help'], /^Usage: keepset packages[\s\S]*--unused/],
    [
      ['--version'],
      new RegExp(`^keepset +${packageJson.version}\\nnode .*\\nengine +none answers\\ntoolbox .*\\n$`),
    ],
  ])('%j answers on standard output', async (args, text) => {
    const { status, stdout, stderr } = await keepset(args, { environment });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(text);
  });

  it.each([
    [['help', 'shrnk'], /no command 'shrnk': did you mean 'shrink'\?/],
    [['shrnk'], /no command 'shrnk': did you mean 'shrink'\?/],
    [['shrink', '--no-such', '-t', 'o', 'img'], /no option --no-such/],
    [['shrink', 'img'], /no name/],
    [['shrink', '-o', 'type=zip,dest=a', 'img'], /no type 'zip'/],
    [['shrink', '-t', 'o', '-q', '-o', '-', 'img'], /for itself/],
    [['shrink', '-t', 'o', '--keep-file', '/no/such', 'img'], /cannot read \/no\/such/],
    [['check', 'img'], /no keep list/],
    [['why', '/x'], /no path given/],
    [['why', 'm', 'x'], /not an absolute path/],
    [['why', 'm'], /no path given/],
    [['restore', '/x', '-t', 'o'], /no paths and no packages given/],
    [['restore', 'm', '-t', 'o'], /no paths and no packages given/],
    [['restore', '-t', 'o', 'm', 'x'], /'x' is not an absolute path/],
    [['restore', '--manifest', 'm', '-t', 'o', '/a', '/b'], /no manifest '\/a'/],
    [['flatten', '-t', 'o'], /no image/],
    [['flatten', 'img'], /no name/],
    [['flatten', '-t', 'o', 'img', 'true'], /unexpected argument 'true'/],
    [['emit'], /no form given/],
    [['emit', 'makefile'], /no form 'makefile'/],
    [['emit', 'bake', 'm.json'], /no folder given/],
    [['emit', 'dockerfile', '-o', 'new', 'a', 'b'], /takes one/],
    [['prune', 'x'], /unexpected argument 'x'/],
    [['sbom'], /no manifest given/],
    [['attest'], /no manifest given/],
    [['attest', 'a', 'b'], /unexpected argument 'b'/],
    [['attest', '-o', '/no/such/file', 'a'], /--output: cannot write \/no\/such\/file/],
    [['vex', '--from', 'x'], /no manifest given/],
    [['vex', 'a'], /no findings given/],
    [['vex', 'a', 'b', '--from', 'x'], /unexpected argument '[ab]'/],
    [['vex', 'a', '--from', '/no/such'], /--from: cannot read \/no\/such/],
    [['vex', 'a', '--from', '/etc/passwd'], /passwd is not JSON/],
    [['vex', 'a', '--from', PACKAGE_FILE], /neither grype's nor trivy's/],
    [['vex', 'a', '--from', 'x', '--product', 'pkg:oci/a'], /'pkg:oci\/a' is not pkg:oci/],
    [['cite'], /no manifest given/],
    [['cite', 'a', 'b'], /unexpected argument '[ab]'/],
    [['cite', 'a', '--format', 'ris'], /format/],
    [['prefetch', '--format', 'nydus'], /no manifest given/],
    [['prefetch', 'a'], /no format given/],
    [['prefetch', '--format', 'slim', 'a'], /format/],
    [['packages'], /no manifest or image given/],
    [['packages', 'a', 'b'], /unexpected argument '[ab]'/],
    [['packages', 'a', '--json', '--csv'], /one of them/],
    [['packages', '/no/such', '--unused'], /no file '\/no\/such'/],
    [['packages', 'a', '--sort', 'size'], /sort/],
  ])('%j is a usage error: exit status 2', async (args, message) => {
    const { status, stdout, stderr } = await keepset(args, { environment });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  describe('affected', () => {
    beforeAll(() => {
      mkdirSync(join(folder, 'archive/deep'), { recursive: true });
      for (let number = 0; number < 200; number++) {
        const name = ['used', 'gone', 'other'][number % 3];
        const file = { type: 'file', sizeBytes: 1, owners: [0] };
        const reasons = [{ run: 'main', action: 'open', call: 'openat', line: 1, count: 1 }];
        const text = JSON.stringify({
          manifestVersion: 1,
          source: { id: 'x' },
          result: { id: 'y' },
          runs: [],
          programs: [],
          kept: name === 'used' ? [{ path: '/lib/a\\303\\251.so', ...file, reasons }] : [],
          removed: name === 'gone' ? [{ path: '/lib/a', ...file }] : [],
          packages: [
            {
              ecosystem: 'pypi',
              name: name === 'other' ? name : 'asked',
              version: '1.9',
              licenses: [],
              purl: 'pkg:pypi/x@1.9',
              database: '/x',
            },
          ],
        });
        writeFileSync(join(folder, `archive/deep/${number}.json`), text);
      }
      writeFileSync(join(folder, 'archive/other.json'), '{}');
      const record = {
        id: 'PYSEC-2024-1',
        aliases: ['CVE-2024-0001'],
        affected: [
          {
            package: { ecosystem: 'PyPI', name: 'Asked' },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.10' }] }],
          },
        ],
      };
      const withdrawn = { id: 'CVE-2024-0002', withdrawn: '2024-02-03T00:00:00Z' };
      writeFileSync(join(folder, 'osv.json'), JSON.stringify([record, withdrawn]));
      writeFileSync(join(folder, 'bad.json'), '[{"no":"id"}]');
    });

    it('answers from a whole archive, and passes over what is no manifest', async () => {
      const args = ['affected', 'CVE-2024-0001', '--in', 'archive', '--osv', 'osv.json'];
      const { status, stdout, stderr } = await keepset([...args, '--json'], { environment });
      expect(status).toBe(0);
      expect(stderr).toMatch(/^keepset: skipped: archive\/other\.json is no manifest[^\n]*\n$/);
      const rows = JSON.parse(stdout) as { status: string; manifest: string; files: object[] }[];
      const count = (wanted: string) => rows.filter((row) => row.status === wanted).length;
      expect([rows.length, count('used'), count('removed'), count('unaffected')]).toEqual([200, 67, 67, 66]);
      expect(rows.find(({ manifest }) => manifest === 'archive/deep/0.json')?.files).toEqual([
        { path: '/lib/aé.so', runs: ['main'] },
      ]);
      const text = await keepset(['affected', '--in', 'archive/deep/0.json', 'asked'], { environment });
      expect(text.stdout).toMatch(
        /^used +asked +archive\/deep\/0\.json +asked 1\.9 +\/lib\/aé\.so \(run main\)$/m,
      );
    });

    it('--fail-on ends with 1, after the answers', async () => {
      const args = ['affected', '--in', 'archive/deep/0.json', '--in', 'archive/deep/1.json', 'asked'];
      const failed = await keepset([...args, '--fail-on', 'used'], { environment });
      expect(failed).toMatchObject({ status: 1, stderr: 'keepset: 1 of 2 answers are used\n' });
      expect(failed.stdout).toMatch(/^removed +asked/m);
      expect(
        (
          await keepset([...args.slice(0, 2), 'archive/deep/1.json', 'asked', '--fail-on', 'used'], {
            environment,
          })
        ).status,
      ).toBe(0);
    });

    it('of a name that no manifest has is unknown, and not unaffected', async () => {
      const args = ['affected', '--in', 'archive/deep', 'nonesuch', 'pkg:pypi/asked@<0.1', 'libnone.so.1'];
      const { status, stdout, stderr } = await keepset([...args, '--fail-on', 'unknown', '--limit', '1'], {
        environment,
      });
      expect(status).toBe(1);
      expect(stdout).toMatch(/\nand 599 more; see --limit\nunknown 400, unaffected 200 of 600 answers\n$/);
      expect(stderr).toBe('keepset: 400 of 600 answers are used or present or unknown\n');
    });

    it.each([
      [['--in', 'archive'], 2, /no query given/],
      [['asked'], 2, /no manifests/],
      [['--in', 'nowhere', 'asked'], 2, /there is no nowhere/],
      [['--in', 'archive/other.json', 'asked'], 1, /other\.json is no manifest/],
      [['--in', 'archive', '--osv', 'bad.json', 'asked'], 2, /item 1 of bad\.json is not a record/],
      [['--in', 'archive', '--osv', 'osv.json', 'CVE-2024-0002'], 2, /withdrawn on 2024-02-03/],
      [['--in', 'archive', 'CVE-2024-0001'], 2, /no record of CVE-2024-0001/],
    ])('%j is refused', async (args, exitStatus, message) => {
      const { status, stdout, stderr } = await keepset(['affected', ...args], { environment });
      expect({ status, stdout }).toEqual({ status: exitStatus, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    });
  });

  it('says that none answers, and what to do', async () => {
    const { status, stderr } = await keepset(['shrink', '-t', 'o', 'img'], { environment });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^keepset: .*\/no\/such\/socket.*\n {2}.*DOCKER_HOST.*\n$/);
  });
});

describe('what cannot be done', () => {
  it.each<[string, readonly string[], number, RegExp]>([
    [
      'an image that is nowhere',
      ['-t', 'o', 'no.such.example/none:1'],
      1,
      /has no image 'no\.such\.example\/none:1'/,
    ],
    ['a bad name for the result', ['-t', 'UPPER', 'BASE'], 2, /'UPPER' is not a valid/],
    ['a bad name of the source', ['-t', 'o', 'Not:A:Name'], 2, /valid|reference/],
    ['a bad value of an option', ['-t', 'o', '--memory', 'much', 'BASE'], 2, /--memory 'much': not valid/],
    ['a change that is none', ['-t', 'o', '--change', 'RUN true', 'BASE'], 2, /RUN true/],
    ['a bad pattern', ['-t', 'o', '--drop', '/a/../b', 'BASE'], 2, /pattern/],
    [
      'a command that is not there',
      ['-t', 'o', 'BASE', 'no-such-program'],
      1,
      /no program 'no-such-program'/,
    ],
    ['a command that fails', ['-t', 'o', 'BASE', 'sh', '-c', 'exit 5'], 1, /exit status 5/],
    ['a user that is not there', ['-t', 'o', '-u', 'nobody-here', 'BASE', 'true'], 1, /nobody-here/],
    [
      'a result that does otherwise',
      ['-t', 'NEVER', '--repair', '0', 'BASE', 'sh', '-c', 'set -- /usr/bin/*; echo $#'],
      3,
      /does not behave as the source[\s\S]*\n--- standard output of the source\n[\s\S]*\n-\d+\n\+\d+\n/,
    ],
    [
      'a run that may be too little',
      ['-t', 'NEVER', '--strict', 'BASE', 'sh', '-c', 'echo hello'],
      3,
      /nothing but dash was executed/,
    ],
    [
      'a held-out run that fails',
      ['-t', 'NEVER', '--check', 'perl=perl -v', 'BASE', 'cat', '/etc/debian_version'],
      3,
      /does not serve for 'perl'[\s\S]*\/usr\/bin\/perl \(deb:perl-base\)/,
    ],
  ])('%s', async (_what, args, status, message) => {
    const words = args.map((word) => ({ BASE: base, NEVER: `${NAME}:never` })[word] ?? word);
    const outcome = await keepset(['shrink', ...words]);
    expect(outcome).toMatchObject({ status });
    // The last lines are keepset's own: one that says what, at most one that says what to do.
    const said = outcome.stderr.split('\n').filter((line) => !/^keepset: \w+ +[\d.]+ s {2}/.test(line));
    expect(said.join('\n')).toMatch(message);
    expect(outcome.stderr).not.toMatch(/^ +at /m);
    expect(await engine.inspectImage(`${NAME}:never`)).toBeUndefined();
    expect(readdirSync(spooled)).toEqual([]);
  });
});

describe('shrink', () => {
  it('writes list and manifest; check and why read them', async () => {
    const command = ['sh', '-c', 'cat /etc/debian_version; echo to stderr >&2'];
    const options = ['--keep', '/etc/apt', '--listed', 'stub', '--for', 'kubernetes'];
    const shrunk = await keepset([
      'shrink',
      '-t',
      `${NAME}:small`,
      '--keep-list',
      'keep.txt',
      '--manifest',
      'm.json',
      ...options,
      base,
      ...command,
    ]);
    expect(shrunk).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\n$/) });
    expect(shrunk.stderr).toMatch(/^to stderr$/m);
    expect(shrunk.stderr).toMatch(new RegExp(`^run it +docker run --rm ${NAME}:small sh -c 'cat`, 'm'));
    const list = readFileSync(join(folder, 'keep.txt'), 'utf8').split('\n');
    expect(list).toContain('/etc/debian_version');
    expect(list).toContain('/etc/apt/trusted.gpg.d');

    const { kept } = JSON.parse(readFileSync(join(folder, 'm.json'), 'utf8')) as {
      kept: { path: string; sha256?: string }[];
    };
    const sha256 = createHash('sha256').update(shrunk.stdout).digest('hex');
    expect(kept).toContainEqual(expect.objectContaining({ path: '/etc/debian_version', sha256 }));

    const checked = await keepset(['check', '--locked', 'keep.txt', ...options, base, ...command]);
    expect(checked).toMatchObject({ status: 0, stdout: '' });
    const drifted = await keepset(['check', '--locked', 'keep.txt', '-q', base, 'cat', '/etc/issue']);
    expect(drifted).toMatchObject({ status: 1 });
    expect(drifted.stdout).toMatch(/^\+ \/etc\/issue$/m);
    expect(drifted.stdout).toMatch(/^- \/etc\/debian_version$/m);
    expect(drifted.stderr).toMatch(/^keepset: the keep list has drifted/);

    const locked = await keepset([
      'shrink',
      '-q',
      '-t',
      `${NAME}:locked`,
      '--locked',
      'keep.txt',
      base,
      ...command,
    ]);
    expect(locked.stdout.trim()).toBe((await engine.inspectImage(`${NAME}:small`))?.id);

    const why = async (path: string) => (await keepset(['why', 'm.json', path])).stdout;
    expect(await why('/etc/debian_version')).toMatch(
      /^\/etc\/debian_version is kept\n {2}run "main": open by cat \/etc\/debian_version \(openat, line \d+\)\n/,
    );
    expect(await why('/etc/apt/trusted.gpg.d')).toMatch(/asked for by the pattern \/etc\/apt/);
    expect(await why('/bin/tar')).toMatch(/\n {2}a program that is started by kubernetes\n/);
    expect(await why('/usr/bin/perl')).toMatch(/is removed/);
    expect(await why('/nowhere')).toBe('/nowhere is not in the source image\n');
    const asked = await keepset(['why', '--json', '/nowhere', '--manifest', 'm.json']);
    expect(JSON.parse(asked.stdout)).toEqual({
      path: '/nowhere',
      explanation: ['/nowhere is not in the source image'],
    });

    const restored = ['--keep-list', 'more.txt', '-t', `${NAME}:more`];
    const outcome = await keepset([
      'restore',
      'm.json',
      '/etc/issue',
      '--manifest',
      'n.json',
      ...restored,
      '--package',
      'dash',
    ]);
    expect(outcome).toMatchObject({ status: 0, stdout: '' });
    expect(outcome.stderr).toMatch(/^verified {2}no: the image was not run$/m);
    expect((await keepset(['why', 'n.json', '/etc/issue'])).stdout).toMatch(
      /asked for by the pattern \/etc\/issue/,
    );
    const more = readFileSync(join(folder, 'more.txt'), 'utf8').split('\n');
    expect(list.filter((path) => !more.includes(path))).toEqual([]);
    expect(more).toEqual(expect.arrayContaining(['/etc/issue', '/usr/share/doc/dash/copyright']));
    expect((await engine.inspectImage(`${NAME}:more`))?.diffIds).toHaveLength(1);
    const nothing = await keepset(['restore', 'm.json', '/no/such', ...restored]);
    expect(nothing).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/nothing named '\/no\/such'/),
    });

    const mistyped = await keepset(['restore', 'm.json', '--package', 'deb:dahs', ...restored]);
    expect(mistyped).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no package 'deb:dahs': did you mean 'deb:dash'\?/),
    });

    const packages = async (...args: string[]) => (await keepset(['packages', 'm.json', ...args])).stdout;
    const used = await packages();
    expect(used).toMatch(/^PACKAGE +VERSION +KIND +FILES +OF +SIZE +OF\n/);
    expect(used).toMatch(/^libc6 +2\.\S+ +deb +\d+ +\d{3} +\S+ MB +\S+ MB$/m);
    expect(used).not.toMatch(/^perl-base /m);
    expect(used).toMatch(/^\d+ packages; of no package: \d+ of \d+ files, /m);
    expect(await packages('--unused')).toMatch(/^perl-base +\S+ +deb +0 +\d+ +0 B +\S+ MB$/m);
    const [first] = JSON.parse(await packages('--sort', 'bytes', '--json')).packages;
    expect(first).toMatchObject({
      package: { name: 'libc6', purl: expect.stringMatching(/^pkg:deb\/debian\/libc6@2.*distro=debian-12$/) },
      byRun: [{ run: 'main' }],
      byKind: { loaded: expect.any(Number) },
    });
    const bom = JSON.parse((await keepset(['sbom', 'm.json'])).stdout);
    const names = bom.components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['debian', 'libc6', 'dash']));
    expect(names).not.toContain('perl-base');
    const fetched = await keepset(['prefetch', '--format', 'nydus', 'm.json']);
    expect(fetched.stdout).toMatch(/^\/usr\/bin\/dash\n\/usr\/lib\/.*ld-linux.*\n/);
    expect(fetched.stderr).toMatch(/^keepset: \d+ files, in the order of their first use\n$/);
    const cited = (await keepset(['cite', 'm.json'])).stdout;
    expect(cited).toMatch(/^Software used by main \(sh -c .cat .*\) in .*, Debian GNU\/Linux 12/);
    expect(cited).toMatch(/^Debian packages: .*\bglibc 2\.36-\S+[,.]/m);
    expect(cited).not.toMatch(/\bperl\b/);
    expect((await keepset(['cite', 'm.json', '--format', 'bibtex'])).stdout).toMatch(
      /^@misc\{deb-glibc-2\.36/m,
    );
    expect((await keepset(['cite', 'm.json', '--format', 'cff'])).stdout).toMatch(
      /^ {2}- type: software\n {4}title: glibc\n/m,
    );
    const { packages: installed } = JSON.parse(await packages('--unused', '--json'));
    const purlOf = (name: string) =>
      installed.find((each: { package: { name: string } }) => each.package.name === name)?.package.purl;
    const match = (id: string, purl: string) => ({ vulnerability: { id }, artifact: { purl } });
    const libc = first.package.purl;
    writeFileSync(
      join(folder, 'grype.json'),
      JSON.stringify({ matches: [match('CVE-1-1', purlOf('perl-base')), match('CVE-1-2', libc)] }),
    );
    const vex = await keepset(['vex', '--from', 'grype.json', 'm.json', '--author', 'us']);
    expect(vex.stderr).toBe(
      'keepset: 1 of 2 vulnerabilities are in packages that the result does not have\n',
    );
    const { id: resultId } = JSON.parse(readFileSync(join(folder, 'm.json'), 'utf8')).result;
    expect(JSON.parse(vex.stdout)).toMatchObject({
      author: 'us',
      statements: [
        {
          vulnerability: { name: 'CVE-1-1' },
          products: [
            {
              '@id': expect.stringMatching(new RegExp(`^pkg:oci/.*@${resultId}`)),
              subcomponents: [{ '@id': purlOf('perl-base') }],
            },
          ],
          justification: 'component_not_present',
        },
      ],
    });
    writeFileSync(join(folder, 'grype.json'), JSON.stringify({ matches: [match('CVE-1-2', libc)] }));
    const silent = await keepset(['vex', '--from', 'grype.json', 'm.json']);
    expect(silent).toMatchObject({ status: 1, stdout: '' });
    expect(silent.stderr).toMatch(/^keepset: nothing can be said of the 1 findings\n {2}[^\n]+\n$/);
    const dated = { environment: { SOURCE_DATE_EPOCH: '0' } };
    const spdx = JSON.parse((await keepset(['sbom', '--format', 'spdx', 'm.json'], dated)).stdout);
    expect(spdx).toMatchObject({
      spdxVersion: 'SPDX-2.3',
      creationInfo: { created: '1970-01-01T00:00:00Z' },
    });
    // The same packages in both.
    expect(spdx.packages.map(({ name }: { name: string }) => name).slice(1)).toEqual(
      expect.arrayContaining(names),
    );
    expect(spdx.packages).toHaveLength(names.length + 1);
    expect(await packages('--csv')).toMatch(/^deb,libc6,2[^\n]*,main$/m);
  });

  it('packages of an image: all that are installed', async () => {
    const { status, stdout, stderr } = await keepset(['packages', base, '--sort', 'files']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^perl-base +\S+ +deb +0 +\d{3} /m);
  });

  it('emit writes what makes a result again, from its manifest', async () => {
    const shrunk = await keepset([
      'shrink',
      '-q',
      '-t',
      `${NAME}:emitted`,
      '--manifest',
      'e.json',
      base,
      'cat',
      '/etc/issue',
    ]);
    expect(shrunk.status).toBe(0);
    const emitted = await keepset(['emit', 'bake', '-o', 'context', 'e.json', 'e.json']);
    expect(emitted).toEqual({ status: 0, stdout: '', stderr: '' });
    const target = `${NAME}-emitted`.replaceAll('/', '-');
    expect(readdirSync(join(folder, 'context'))).toEqual(['docker-bake.hcl', target, `${target}-2`]);
    const read = (name: string) => readFileSync(join(folder, 'context', target, name), 'utf8');
    expect(read('Dockerfile')).toMatch(
      /^ARG SOURCE=keepset\/base:bookworm$[\s\S]*^FROM scratch$[\s\S]*^CMD \["bash"\]$/m,
    );
    expect(read('keep.list').split('\0')).toContain('etc/issue');
    expect(read('keep.txt').split('\n')).toContain('/etc/issue');
    const again = await keepset(['emit', 'dockerfile', '-o', 'context', 'e.json']);
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('context is not empty') });
  });

  it('--quiet prints only the ID, whatever the command prints', async () => {
    const { status, stdout, stderr } = await keepset([
      'shrink',
      '-q',
      '-t',
      `${NAME}:quiet`,
      base,
      'echo',
      'hello',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`${(await engine.inspectImage(`${NAME}:quiet`))?.id}\n`);
  });

  it('--json prints one object; standard input reaches the command', async () => {
    const args = ['shrink', '--json', '-i', '-t', `${NAME}:json`, '--keep', '/no/such/*', base, 'cat'];
    const { status, stdout, stderr } = await keepset(args, { stdin: 'through\n' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'through\n' });
    expect(JSON.parse(stdout)).toMatchObject({
      id: (await engine.inspectImage(`${NAME}:json`))?.id,
      tags: [`${NAME}:json`],
      verified: true,
      run: { command: ['cat'], exitStatus: 0 },
      warnings: expect.arrayContaining([
        { kind: 'pattern-unmatched', option: 'keep', pattern: '/no/such/*' },
      ]),
    });
  });

  it('writes the result to where -o says, and without -t leaves none at the engine', async () => {
    const [oci, docker, id, metadata] = ['oci.tar', 'docker.tar', 'id', 'metadata.json'].map((name) =>
      join(folder, name),
    );
    const args = [
      '-o',
      `type=oci,dest=${oci},compression=gzip`,
      '-o',
      `type=docker,dest=${docker}`,
      '-o',
      'files',
      '-o',
      'type=oci,dest=lazy,tar=false,compression=estargz',
    ];
    // Images of the same contents are one image: that of another test has a name.
    const own = ['--change', `LABEL test=outputs-${process.pid}`];
    const files = ['--iidfile', `${id}`, '--metadata-file', `${metadata}`];
    const { status, stderr } = await keepset([
      'shrink',
      ...args,
      ...own,
      ...files,
      base,
      'cat',
      '/etc/debian_version',
    ]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^written +.*oci\.tar \(oci\)$/m),
    });
    const image = readFileSync(`${id}`, 'utf8');
    expect(await engine.inspectImage(image)).toBeUndefined();
    expect(readFileSync(join(folder, 'files/etc/debian_version'), 'utf8')).toMatch(/^\d+\.\d+\n$/);
    const entries = tarOfLayer(join(folder, 'lazy')).filter((name) => !name.endsWith('/'));
    expect(entries).toEqual(['usr/bin/cat', ...entries.slice(1, -1), 'stargz.index.json']);
    expect(entries.indexOf('etc/debian_version')).toBeLessThan(entries.indexOf('.prefetch.landmark'));
    expect(await engine.loadImage(createReadStream(`${docker}`))).toBe(image);
    await engine.removeImage(image);
    expect(await engine.loadImage(createReadStream(`${oci}`))).toBe(image);
    await engine.removeImage(image);
    expect(JSON.parse(readFileSync(`${metadata}`, 'utf8'))).toEqual({
      'containerimage.config.digest': image,
      'containerimage.digest': expect.stringMatching(/^sha256:/),
    });
  });

  it('an archive has standard output for itself', async () => {
    const { status, stdout, stderr } = await keepset([
      'shrink',
      '-o',
      '-',
      base,
      'cat',
      '/etc/debian_version',
    ]);
    expect(status).toBe(0);
    expect(stdout.slice(257, 262)).toBe('ustar');
    expect(stderr).toMatch(/^\d+\.\d+$/m);
  });

  it('--change is for the result alone: the run is that of the source', async () => {
    const changes = ['--change', 'CMD ["cat", "/etc/debian_version"]', '--change', 'ENV LANG=C.UTF-8'];
    const args = ['shrink', '-q', '-t', `${NAME}:changed`, ...changes, base, 'cat', '/etc/debian_version'];
    const { status, stdout } = await keepset(args);
    expect(status).toBe(0);
    const image = await engine.inspectImage(`${NAME}:changed`);
    expect(image).toMatchObject({
      id: stdout.trim(),
      config: { Cmd: ['cat', '/etc/debian_version'], Env: expect.arrayContaining(['LANG=C.UTF-8']) },
    });
  });

  it('SOURCE_DATE_EPOCH is when the result was made', async () => {
    const environment = { SOURCE_DATE_EPOCH: '1488603967' };
    const args = ['flatten', '-q', '-t', `${NAME}:changed`, '--manifest', 'flat.json', base];
    const outcome = await keepset(args, { environment });
    expect(outcome.status).toBe(0);
    const removed = await keepset(['diff', 'flat.json', '--exit-code']);
    expect(removed.stdout).toMatch(/^added 0, removed 0, changed 0 paths/);
    expect((await keepset(['packages', 'flat.json', '--unused', '--limit', '1'])).stdout).toMatch(
      /^adduser /m,
    );
    const image = await engine.inspectImage(`${NAME}:changed`);
    expect(image).toMatchObject({ id: outcome.stdout.trim(), created: '2017-03-04T05:06:07Z' });
    const bad = await keepset(['flatten', '-t', 'x', base], { environment: { SOURCE_DATE_EPOCH: 'now' } });
    expect(bad).toMatchObject({ status: 2, stderr: expect.stringMatching(/SOURCE_DATE_EPOCH=now/) });
  });

  it('goes on when the reader of its output has gone', async () => {
    const args = ['shrink', '-t', `${NAME}:pipe`, base, 'sh', '-c', 'seq 100000'];
    expect((await keepset(args, { closeOutput: true })).status).toBe(0);
    expect(await engine.inspectImage(`${NAME}:pipe`)).toBeDefined();
  });
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it with %i and leaves nothing', async (signal, status) => {
  let sent = false;
  const args = ['shrink', '-t', `${NAME}:never`, base, 'sh', '-c', 'echo the command runs; sleep 300'];
  const outcome = await keepset(args, {
    onText(text, pid) {
      if (sent || !text.includes('the command runs\n')) return;
      sent = true;
      process.kill(pid, signal);
    },
  });
  expect(outcome.status).toBe(status);
  expect(outcome.stderr).toMatch(/interrupted; everything was cleaned up\n$/);
  expect(await engine.inspectImage(`${NAME}:never`)).toBeUndefined();
  expect(readdirSync(spooled)).toEqual([]);
});
