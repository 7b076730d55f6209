import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { FACTS_NAME, type TraceFileFacts } from '../src/trace-file/saved-run.ts';

/** Copy a trace file, with its facts changed as somebody else might have. */
export async function rewriteTrace(
  file: string,
  to: string,
  change: (facts: TraceFileFacts) => void,
): Promise<void> {
  const [read, written] = [extract(), pack()];
  createReadStream(file).pipe(read);
  const writing = pipeline(written, createWriteStream(to));
  for await (const entry of read) {
    const bytes = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>));
    const { name } = entry.header;
    if (name !== FACTS_NAME) written.entry({ name }, bytes);
    else {
      const facts = JSON.parse(bytes.toString()) as TraceFileFacts;
      change(facts);
      written.entry({ name }, JSON.stringify(facts));
    }
  }
  written.finalize();
  await writing;
}
