import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FleetReportData } from './fleet-report-data.js';
import { fleetMarkdown, fleetPage } from './render-fleet.js';

const data: FleetReportData = {
  title: 'fleet.yaml',
  tasks: [
    {
      ...{ name: 'plots', image: 'r-base:4', state: 'done', said: 'verified', exceeds: ['size'] },
      ...{ sizes: { source: 2_000_000_000, result: 100_000_000 }, seconds: 7.25 },
    },
    {
      ...{ name: 'web', image: 'web:1', state: 'failed', said: 'COMMAND_FAILED', exceeds: [] },
      ...{ sizes: undefined, seconds: 1 },
    },
  ],
  causes: [{ code: 'COMMAND_FAILED', message: 'it failed', hint: 'Correct it.', names: ['web'] }],
  packages: [
    { name: 'libc6', ecosystem: 'deb', versions: ['2.36-9', '2.37-1'], results: 2, sizeBytes: 4_000_000 },
  ],
  sharing: { results: 2, made: 1, layers: 3, sizeBytes: 15_300_000, sharedBytes: 9_800_000 },
  rounds: [
    {
      ...{ number: 1, startedAt: '2026-01-02T03:04:05Z', on: 'slurm', tasks: 2, done: 1, failed: 1 },
      sizes: { source: 2_000_000_000, result: 100_000_000 },
    },
  ],
};

it('shows tasks, causes, rounds and packages', () => {
  const page = fleetPage(data);
  for (const text of [
    '2 tasks: 1 done, 1 failed; 2.00 GB → 100.0 MB (5.0 %)',
    '<p>3 shared layers: 2 results of 15.3 MB take 9.8 MB where they share them (64.1 %); 1 were made so</p>',
    '<td>plots</td><td>r-base:4</td><td>done</td><td>verified, over: size</td>',
    '<strong>1 × COMMAND_FAILED</strong> it failed<br>Correct it.<br>web',
    '<td>libc6</td><td>deb</td><td>2.36-9 2.37-1</td><td class="number">2</td>',
    '<td>1</td><td>2026-01-02T03:04:05Z</td><td>slurm</td>',
  ])
    expect(page).toContain(text);
});

it('says the same in Markdown', () => {
  expect(fleetMarkdown(data)).toBe(`# fleet.yaml

2 tasks&#58; 1 done, 1 failed&#59; 2.00 GB &#8594; 100.0 MB &#40;5.0 &#37;&#41;

3 shared layers&#58; 2 results of 15.3 MB take 9.8 MB where they share them &#40;64.1 &#37;&#41;&#59; 1 were made so

## Why tasks came to no result

- 1 × COMMAND&#95;FAILED: it failed (web)

## Tasks

| task | image | state |  | source | result | share | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- |
| plots | r-base&#58;4 | done | verified, over&#58; size | 2.00 GB | 100.0 MB | 5.0 &#37; | 7.3 |
| web | web&#58;1 | failed | COMMAND&#95;FAILED |  |  |  | 1.0 |

## Rounds

| round | begun | on | tasks | done | failed | source | result |
| --- | --- | --- | --- | --- | --- | --- | --- |
| 1 | 2026-01-02T03&#58;04&#58;05Z | slurm | 2 | 1 | 1 | 2.00 GB | 100.0 MB |

## Packages of all results

| package | ecosystem | versions | results | size |
| --- | --- | --- | --- | --- |
| libc6 | deb | 2.36-9 2.37-1 | 2 | 4.0 MB |

`);
});

it('names are text, whatever they hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const [task] = data.tasks;
      const page = fleetPage({
        ...data,
        title: text,
        tasks: [{ ...task, image: text, said: text } as FleetReportData['tasks'][number]],
        causes: [{ code: text, message: text, hint: text, names: [text] }],
      });
      const tags = new Set(page.match(/<[^>]*>/g));
      const known = new Set(fleetPage(data).match(/<[^>]*>/g));
      expect([...tags].filter((tag) => !known.has(tag))).toEqual([]);
      expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
