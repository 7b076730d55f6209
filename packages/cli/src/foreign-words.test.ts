import { describe, expect, it } from 'vitest';
import { SHRINK } from './definitions/shrink.js';
import { WHY } from './definitions/why.js';
import { optionsOf, shownGroups } from './options/command-definition.js';
import { FOREIGN_COMMANDS, FOREIGN_OPTIONS } from './options/foreign-words.js';
import { parseCommandLine } from './options/parse-command-line.js';
import { COMMANDS } from './registry.js';

const OWN = Object.keys(optionsOf({ groups: shownGroups(SHRINK) }));

describe('words that people bring', () => {
  it.each([...FOREIGN_OPTIONS])('--%s is none of ours, and is answered with ours', (name, answer) => {
    expect(OWN).not.toContain(name);
    expect(answer).toMatch(/^.*[.]$/);
    const named = [...answer.matchAll(/--([a-z][a-z-]*)/g)].map(([, option]) => option);
    expect(named.filter((option) => !OWN.includes(option ?? ''))).toEqual([]);
  });

  it.each([...FOREIGN_COMMANDS])('%s is none of our commands, and is answered with one', (name, own) => {
    const names = COMMANDS.map(({ definition }) => definition.name);
    expect(names).not.toContain(name);
    expect(names).toContain(own);
  });

  it.each([
    [
      ['--include-path', '/x', 'img'],
      'there is no option --include-path',
      FOREIGN_OPTIONS.get('include-path'),
    ],
    [['--http-probe=false', 'img'], 'there is no option --http-probe', FOREIGN_OPTIONS.get('http-probe')],
    [['--privileged', 'img'], 'there is no option --privileged', FOREIGN_OPTIONS.get('privileged')],
    [['-P', 'img'], 'there is no option -P', FOREIGN_OPTIONS.get('P')],
    [['-it', 'img'], '-it: IMAGE would be taken for a name', FOREIGN_OPTIONS.get('it')],
    [['-dit', 'img'], '-dit: IMAGE would be taken for a name', FOREIGN_OPTIONS.get('it')],
    [['-ti', 'img'], '-ti: IMAGE would be taken for a name', FOREIGN_OPTIONS.get('it')],
  ])('%j', (args, message, hint) => {
    expect(() => parseCommandLine(args, SHRINK, {})).toThrow(
      expect.objectContaining({ name: 'UsageError', message, hint }),
    );
  });

  it('of docker run can be pasted', () => {
    const words = '-t small --rm -d --name web --restart=always -l a=b --label c -p 8080:80 nginx -g x';
    const { options, operands, passedOver } = read(words);
    expect(options).toMatchObject({ tag: ['small'], publish: ['8080:80'] });
    expect(operands).toEqual(['nginx', '-g', 'x']);
    expect(passedOver).toEqual([
      '--detach, --label, --name, --restart: passed over, since the container of the run does not stay',
    ]);
    expect(read('-t small --rm nginx').passedOver).toEqual([]);
  });

  it('belong to commands that run something', () => {
    expect(() => parseCommandLine(['--rm', '/x'], WHY, {})).toThrow('there is no option --rm');
    expect(() => parseCommandLine(['--target', '/x'], WHY, {})).toThrow('there is no option --target');
  });
});

function read(words: string) {
  const line = parseCommandLine(words.split(' '), SHRINK, {});
  if (typeof line === 'string') throw new Error('help was asked for');
  return line;
}
