/** Compiles the scanner and writes `src/scanner/scanner-code.ts`: `pnpm scanner`. `--check` only says whether it is what is there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const SOURCE = fileURLToPath(new URL('scan-lines.ts', import.meta.url));
const TARGET = fileURLToPath(new URL('../src/scanner/scanner-code.ts', import.meta.url));
/** Of 64 KiB: what `Memory` in `src/scanner/scanner-layout.ts` comes to. */
const PAGES = '5';

/** The text of `src/scanner/scanner-code.ts`. */
export async function compileScanner(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'keepset-scanner-'));
  try {
    const binary = join(folder, 'scan.wasm');
    const { error, stderr } = await asc.main([
      SOURCE,
      '--baseDir=/',
      `--outFile=${binary}`,
      // Fast first, then small: it is part of what a page loads.
      '-O3',
      '--shrinkLevel=2',
      '--converge',
      '--runtime=stub',
      '--noAssert',
      '--enable=simd',
      `--initialMemory=${PAGES}`,
      `--maximumMemory=${PAGES}`,
      '--use=abort=',
    ]);
    if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
    // Not base64: what repeats in a binary repeats in this text too, and is compressed.
    const code = readFileSync(binary).toString('hex');
    return `/** What \`scanner/scan-lines.ts\` compiles to. \`pnpm scanner\` writes this file. */\nexport const SCANNER_CODE =\n  '${code}';\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) writeFileSync(TARGET, await compileScanner());
