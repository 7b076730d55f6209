// Make docs/terminal.svg, the recording in the README: what a terminal shows of a real run, line by line, at its pace.
// `node bin/record-terminal.ts` wants an engine. The text on the picture is what was printed; the image is the tests' own
// Debian 12, for which no registry is needed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTestEngine, ensureBase } from '../test-fixtures/images.ts';

const IMAGE = 'debian:12';
const LINES = [
  `keepset shrink -t small:1 --manifest m.json ${IMAGE} sh -c 'sort /etc/passwd | head -n 1'`,
  'keepset why m.json /bin/sh',
];
const [NAME, OWN_NAME] = ['small:1', `keepset/record-${process.pid}:small`];
const COLUMNS = 96;
const [CHARACTER_WIDTH, LINE_HEIGHT, MARGIN] = [8.4, 19, 16];
/** After the last line, before it begins again. */
const REST_SECONDS = 6;

interface Line {
  readonly text: string;
  readonly seconds: number;
  readonly isTyped: boolean;
}

await using engine = await connectTestEngine();
const base = await ensureBase(engine);
const folder = mkdtempSync(join(tmpdir(), 'record-'));
const start = performance.now();
const lines: Line[] = [];
try {
  for (const typed of LINES) {
    lines.push({ text: `$ ${typed}`, seconds: secondsNow(), isTyped: true });
    await run(typed);
  }
} finally {
  await engine.removeImage(OWN_NAME);
  rmSync(folder, { recursive: true });
}
writeFileSync(new URL('../docs/terminal.svg', import.meta.url), toSvg(lines));

function secondsNow(): number {
  return (performance.now() - start) / 1000;
}

/** Run a line by a shell in which `keepset` is this checkout's; note each line of what it prints. */
async function run(typed: string): Promise<void> {
  const program = new URL('../packages/cli/dist/keepset.js', import.meta.url).pathname;
  const script = `keepset() { '${process.execPath}' '${program}' "$@"; }\n${typed.replace(IMAGE, base).replace(NAME, OWN_NAME)} 2>&1`;
  const child = spawn('sh', ['-c', script], { cwd: folder });
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const all = `${rest}${chunk}`.split('\n');
    rest = all.pop() ?? '';
    for (const text of all)
      lines.push({ text: text.replace(OWN_NAME, NAME), seconds: secondsNow(), isTyped: false });
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0)
    throw new Error(`exit status ${status} of: ${typed}\n${lines.map(({ text }) => text).join('\n')}`);
}

function toSvg(all: readonly Line[]): string {
  const rows = all.flatMap(({ text, ...line }) => cut(text).map((piece) => ({ ...line, text: piece })));
  const width = Math.ceil(COLUMNS * CHARACTER_WIDTH + 2 * MARGIN);
  const height = rows.length * LINE_HEIGHT + 2 * MARGIN;
  const whole = (rows.at(-1)?.seconds ?? 0) + REST_SECONDS;
  const moves = rows.map(({ seconds }, index) => {
    const at = (100 * seconds) / whole;
    const frames = `0%,${at.toFixed(2)}%{opacity:0}${(at + 0.01).toFixed(2)}%,100%{opacity:1}`;
    return `@keyframes l${index}{${frames}}#l${index}{animation:l${index} ${whole.toFixed(1)}s infinite}`;
  });
  const texts = rows.map(({ text, isTyped }, index) => {
    const y = MARGIN + (index + 0.75) * LINE_HEIGHT;
    return `<text id="l${index}" x="${MARGIN}" y="${y}"${isTyped ? ' class="typed"' : ''}>${toXml(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A terminal: keepset shrinks an image, and says why a file was kept">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre;fill:#d6d8dc}
.typed{fill:#7ee787}
@media (prefers-reduced-motion:no-preference){
${moves.join('\n')}
}
</style>
<rect width="100%" height="100%" rx="8" fill="#14171c"/>
${texts.join('\n')}
</svg>
`;
}

/** As a terminal wraps them. */
function cut(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${COLUMNS}}`, 'gu')) ?? [''];
}

function toXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
