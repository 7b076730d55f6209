import { structuredPatch } from 'diff';
import { htmlText } from '../deposit/quote.js';
import type { DifferingContent, ShownContent } from './differing-contents.js';

/** What became of one run, with what a page shows of it. */
interface PageRun {
  readonly name: string;
  readonly notReplayed?: string;
  readonly differences: readonly string[];
  readonly masked: readonly string[];
  readonly notCompared: readonly string[];
  readonly notAsked: readonly string[];
  readonly dated: readonly string[];
  readonly contents?: readonly DifferingContent[];
}

/** What a page of a replay is about. */
export interface ReplayPage {
  readonly title: string;
  /** sha256:… of the images that were run. */
  readonly imageIds: readonly string[];
  readonly runs: readonly PageRun[];
}

/** Lines on each side of what differs. */
const CONTEXT = 3;
/** Texts that differ in more are shown one after the other. */
const EDITS_MAX = 2000;
const LINES_SHOWN = 400;

const STYLE = `body{font:16px/1.5 sans-serif;max-width:72em;margin:2em auto;padding:0 1em;color-scheme:light dark}
pre{overflow:auto;border:1px solid #8888;padding:.5em;margin:.3em 0}pre span{display:block;min-height:1.2em}
del{background:#e5534b33;text-decoration:none;display:block}ins{background:#46954a33;text-decoration:none;display:block}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1em}img{max-width:100%;border:1px solid #8888}
.same{color:#2a7d2e}.other{color:#c0392b}code{overflow-wrap:anywhere}`;

/**
 * What became of a replay, as one HTML page that loads nothing and runs nothing.
 *
 * @see unified diffs, for what is shown of texts
 */
export function replayPage({ title, imageIds, runs }: ReplayPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="keepset">
<title>Replay: ${htmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Replay: ${htmlText(title)}</h1>
${imageIds.map((id) => `<p>Image <code>${htmlText(id)}</code></p>`).join('\n')}
${runs.map(runSection).join('\n')}
</body>
</html>
`;
}

function runSection(run: PageRun): string {
  const { name, differences, masked, notCompared, notAsked, dated, contents = [] } = run;
  return `<section>
<h2>${htmlText(name)}</h2>
${verdict(run)}
${list(differences)}
${contents.map(contentPart).join('\n')}
${list([
  ...dated.map((place) => `the date of the run stands in ${place}: today's instead of the recorded one`),
  ...masked.map((place) => `${place} varies by chance: compared in what stays`),
  ...notCompared.map((place) => `not compared: ${place}`),
  ...notAsked.map((probe) => `not asked again, since it ran beside the image: ${probe}`),
])}
</section>`;
}

function verdict({ notReplayed, differences, masked, notCompared, dated }: PageRun): string {
  if (notReplayed !== undefined) return `<p>Not run: ${htmlText(notReplayed)}</p>`;
  if (differences.length > 0) return '<p class="other"><strong>Not the same</strong></p>';
  const all = masked.length + notCompared.length + dated.length === 0;
  return `<p class="same"><strong>${all ? 'The same exit status, output and files' : 'The same in all that was compared'}</strong></p>`;
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${htmlText(line)}</li>`).join('')}</ul>`;
}

function contentPart({ where, expected, found }: DifferingContent): string {
  const heading = `<h3><code>${htmlText(where)}</code></h3>`;
  const diff = diffOf(expected, found);
  if (diff !== undefined) return `${heading}\n${diff}`;
  return `${heading}
<div class="pair"><div><p>Expected</p>${shown(expected)}</div><div><p>Found</p>${shown(found)}</div></div>`;
}

/** @returns undefined where one is no text, or where they have next to nothing in common */
function diffOf(expected: ShownContent, found: ShownContent): string | undefined {
  if (expected === undefined || found === undefined || !('text' in expected && 'text' in found))
    return undefined;
  const options = { context: CONTEXT, maxEditLength: EDITS_MAX };
  const patch = structuredPatch('', '', expected.text, found.text, undefined, undefined, options);
  if (patch === undefined) return undefined;
  const lines = patch.hunks.flatMap(({ oldStart, lines }) => [`@@ line ${oldStart} @@`, ...lines]);
  const rest = lines.length - LINES_SHOWN;
  const notes = [
    ...(rest > 0 ? [`${rest} more lines`] : []),
    ...(expected.isCut || found.isCut ? ['only the beginning of it was looked at'] : []),
  ];
  return `<pre>${lines.slice(0, LINES_SHOWN).map(diffLine).join('')}</pre>${list(notes)}`;
}

function diffLine(line: string): string {
  const element = { '-': 'del', '+': 'ins' }[line[0] ?? ''] ?? 'span';
  return `<${element}>${htmlText(line)}</${element}>`;
}

function shown(content: ShownContent): string {
  if (content === undefined) return '<p>Nothing</p>';
  const size = `<p>${content.sizeBytes} bytes</p>`;
  if ('picture' in content) return `${size}<img alt="" src="data:${content.type};base64,${content.picture}">`;
  if ('sha256' in content) return `${size}<p><code>${htmlText(content.sha256)}</code></p>`;
  const lines = content.text.split('\n');
  return `${size}<pre>${lines
    .slice(0, LINES_SHOWN)
    .map((line) => `<span>${htmlText(line)}</span>`)
    .join('')}</pre>${lines.length > LINES_SHOWN || content.isCut ? '<p>…</p>' : ''}`;
}
