import { SIGNATURE, TAG_SUMS } from './bag.js';
import { datedParts, varyingParts } from './chance.js';
import { descriptionOf } from './citation-texts.js';
import { type Deposit, type DepositImage, type DepositRun, nameOfAuthor } from './deposit.js';
import { htmlText, markdownCode, markdownText, shellWords } from './quote.js';

/** What a person reads first. Markdown. */
export function readmeText(deposit: Deposit): string {
  const { metadata, images, runs, toolVersion } = deposit;
  const isOfOne = images.length === 1;
  const authors = metadata.authors.map(nameOfAuthor).map(markdownText).join(', ');
  return `# ${markdownText(metadata.title)}

${authors === '' ? '' : `${authors}\n\n`}${markdownText(descriptionOf(deposit))}

This folder holds ${isOfOne ? 'a container image, the commands that were run in it' : 'container images, the commands that were run in them'}, and what they gave. To see whether they still give
the same, with Docker, Podman or Apptainer, a POSIX shell, coreutils and tar:

    sh check.sh

It needs no network. It ends with 0 where all is the same, with 3 where something differs, with 2 where it could not run.
\`sh run.sh\` runs the commands and shows what they print; \`sh run.sh NAME FOLDER\` also copies the files that they write.
With keepset: \`keepset replay\` and the name of the folder or file that this came in.

## Runs

| run |${isOfOne ? '' : ' image |'} command | what is not the same each time |
| --- | ---${isOfOne ? '' : ' | ---'} | --- |
${runs.map((run) => readmeRow(run, isOfOne ? [] : [nameOf(images[run.image ?? 0])])).join('\n')}

What is not the same each time varies by chance: \`check.sh\` does not compare it, and says so. \`keepset replay\` compares what
stays in it. The date of a run may be today's, in the same spelling; both say where. Files are compared by their contents; \`keepset replay\` compares owners and modes as well.

## What is here

| | |
| --- | --- |
| \`image/\` | ${isOfOne ? 'the image, as an OCI image layout' : 'the images, as one OCI image layout'}: ${images.map(digestText).join('; ')} |${images.map(wholeRow).join('')}
| \`expected/\` | what each run printed and wrote |
| \`inputs/\` | folders that the runs read, where they were added |
| \`runs.json\` | the runs and what is expected of them, for programs |
${recordRows(images.length)}
| \`ro-crate-metadata.json\` | all this for programs (RO-Crate, Process Run Crate) |
| \`CITATION.cff\`, \`codemeta.json\`, \`.zenodo.json\` | how it is cited, with the software that it used |

${images.map((image) => `${isOfOne ? 'The image' : `The image ${markdownCode(nameOf(image))}`} was made from ${markdownCode(sourceOf(image))} by keepset ${markdownText(toolVersion)}.`).join('\n')}
The files beside this folder are a BagIt bag's: \`sha256sum -c manifest-sha256.txt\` checks every file.
${signatureText(deposit)}`;
}

/** By which people know it. */
function nameOf(image: DepositImage | undefined): string {
  return image?.name ?? image?.id ?? '';
}

function sourceOf({ sourceName, sourceId }: DepositImage): string {
  return sourceName ?? sourceId;
}

function digestText({ manifestDigest, os, architecture }: DepositImage): string {
  return `${markdownCode(manifestDigest)}, ${markdownCode(`${os}/${architecture}`)}`;
}

function wholeRow({ remainder }: DepositImage): string {
  if (remainder === undefined) return '';
  return `
| \`whole.sh\` | loads all that the source had, which is in the layout as well: ${markdownCode(remainder.manifestDigest)} |`;
}

function recordRows(images: number): string {
  const names = (of: (number: number) => string) =>
    Array.from({ length: images }, (_, place) => `\`${of(place + 1)}\``).join(', ');
  return images === 1
    ? `| \`manifest.json.gz\` | of keepset: each file of the image, and why it is there |
| \`keep.txt\` | the files of the image: with its source, they give the same image again |`
    : `| ${names((number) => `manifest-${number}.json.gz`)} | of keepset, of each image: its files, and why they are there |
| ${names((number) => `keep-${number}.txt`)} | the files of each image: with its source, they give the same image again |`;
}

/** How openssl checks the signature. */
function signatureText({ signature }: Deposit): string {
  if (signature === undefined) return '';
  const check =
    signature === 'ed25519'
      ? `openssl pkeyutl -verify -pubin -inkey PUBLIC.pem -rawin -in ${TAG_SUMS} -sigfile ${SIGNATURE}`
      : `openssl dgst -sha256 -verify PUBLIC.pem -signature ${SIGNATURE} ${TAG_SUMS}`;
  return `
The list of the lists is signed. With the public key of who deposited it, which is not here, in the folder above:

    ${check}
    sha256sum -c ${TAG_SUMS} manifest-sha256.txt
`;
}

/** What is asked of a service, in words. */
export function stepsOf({ samples }: Pick<DepositRun, 'samples'>): readonly string[] {
  return (samples[0]?.steps ?? []).map(({ name }) => name);
}

/** @param image  what tells which it is; empty: there is one */
function readmeRow(run: DepositRun, image: readonly string[]): string {
  const dated = datedParts(run).map((part) => `the date of the run in ${markdownCode(part)}`);
  const parts = [...varyingParts(run).map(markdownCode), ...dated];
  const varying = run.notReplayed ?? (parts.join(', ') || 'nothing');
  const note = run.notReplayed === undefined ? varying : `not run again: ${markdownText(varying)}`;
  const asked = stepsOf(run).map(markdownCode).join(', ');
  const notAsked = (run.notAsked ?? []).map(markdownCode).join(', ');
  const notes = [note, notAsked && `not asked again, since it ran beside the image: ${notAsked}`];
  return [
    markdownCode(run.name),
    ...image.map(markdownCode),
    [markdownCode(shellWords(run.command)), asked].filter(Boolean).join(', asked: '),
    notes.filter(Boolean).join('; '),
  ]
    .map((cell) => cell.replaceAll('|', '\\|'))
    .reduce((row, cell) => `${row} ${cell} |`, '|');
}

/** What a browser shows of the crate. It loads nothing. */
export function previewText(deposit: Deposit): string {
  const { metadata, images, runs, files, software } = deposit;
  const isOfOne = images.length === 1;
  const title = htmlText(metadata.title);
  const row = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  const code = (text: string) => `<code>${htmlText(text)}</code>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left;vertical-align:top}code{overflow-wrap:anywhere}</style>
</head>
<body>
<h1>${title}</h1>
<p>${htmlText(metadata.authors.map(nameOfAuthor).join(', '))}</p>
<p>${htmlText(descriptionOf(deposit))}</p>
<h2>${isOfOne ? 'Image' : 'Images'}</h2>
${images.map((image) => `<p>${code(nameOf(image))}, ${code(image.manifestDigest)}, made from ${code(sourceOf(image))}</p>`).join('\n')}
<h2>Runs</h2>
<table>
<tr><th>Run</th>${isOfOne ? '' : '<th>Image</th>'}<th>Command</th><th>Exit status</th><th>Varies by chance</th></tr>
${runs
  .map((run) =>
    row([
      htmlText(run.name),
      ...(isOfOne ? [] : [code(nameOf(images[run.image ?? 0]))]),
      [shellWords(run.command), ...stepsOf(run)].map(code).join('<br>'),
      `${run.samples[0]?.exitStatus ?? ''}`,
      htmlText(run.notReplayed ?? varyingParts(run).join(', ')),
    ]),
  )
  .join('\n')}
</table>
<h2>Files</h2>
<table>
<tr><th>File</th><th>Bytes</th><th>SHA-256</th></tr>
${files.map(({ path, sizeBytes, sha256 }) => row([code(path), `${sizeBytes}`, code(sha256)])).join('\n')}
</table>
<h2>Software that was used</h2>
<p>${htmlText(software.map(({ name, version = '' }) => `${name} ${version}`.trim()).join(', '))}</p>
</body>
</html>
`;
}
