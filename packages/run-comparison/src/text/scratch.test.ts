import { it } from 'vitest';
import { createChance } from '../../test/chance.js';
import { mutate, PRINTS, run, steadyValue } from './laws.test.js';
import { learnTextMask } from './text-mask.js';

it('table', () => {
  const show = process.env.KIND;
  const N = Number(process.env.N ?? 300);
  for (const [name, { steady, print }] of Object.entries(PRINTS)) {
    if (show !== undefined && show !== name) continue;
    const row: Record<string, number> = {
      miss: 0,
      hardAlarm2: 0,
      hardAlarm3: 0,
      hardAlarm5: 0,
      alarm2: 0,
      alarm5: 0,
      seq10: 0,
      drawn: 0,
    };
    for (let seed = 0; seed < N; seed++) {
      const chance = createChance(seed * 7919 + 13);
      const program = [
        { steady: ['begin', 'of'], print: PRINTS['a line']!.print },
        { steady: chance.list(steady, () => steadyValue(chance)), print },
        { steady: ['plugins', '12'], print: PRINTS['a line']!.print },
      ];
      const draw = () => run(program, chance);
      for (const n of [2, 3, 5]) {
        const samples = chance.list(n, draw);
        const mask = learnTextMask(samples);
        const mutant = mutate(program, chance, 1);
        const text = run(mutant, chance);
        if (mask.mismatch(text) === undefined) {
          row.miss!++;
          if (show) console.log('MISS', n, samples, text);
        }
        const result = draw();
        const mm = mask.mismatch(result);
        if (mm !== undefined && n !== 3) row[`alarm${n}`]!++;
        if (mm !== undefined && !mask.mayBeNoise(result)) {
          row[`hardAlarm${n}`]!++;
          if (show) console.log('HARD', n, samples, result, mm);
        }
      }
      const samples = chance.list(2, draw);
      const result = draw();
      let mask = learnTextMask(samples);
      while (samples.length < 10 && mask.mismatch(result) !== undefined && mask.mayBeNoise(result)) {
        samples.push(draw());
        row.drawn!++;
        mask = learnTextMask(samples);
      }
      if (mask.mismatch(result) !== undefined) {
        row.seq10!++;
        if (show) console.log('SEQ', samples.length, samples, result, mask.mismatch(result));
      }
    }
    console.log(name.padEnd(44), JSON.stringify(row));
  }
}, 1e6);
