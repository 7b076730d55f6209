import { describe, expect, it } from 'vitest';
import { withoutRules, withRules } from './ruled-text.js';

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('what draws boxes', () => {
  it('is one character each, and bytes again', () => {
    for (let code = 0x2500; code < 0x2580; code++) {
      const character = String.fromCharCode(code);
      expect(withRules(utf8(character))).toBe(character);
      expect(withoutRules(character)).toBe(utf8(character));
    }
  });

  it.each(['', 'größer 1.234 €', '█▌ 50 %', '⠋ 時', '\xe2\x94', '\xe2\x94\x7f'])('is not: %j', (text) => {
    const bytes = text.startsWith('\xe2') ? text : utf8(text);
    expect(withRules(bytes)).toBe(bytes);
    expect(withoutRules(bytes)).toBe(bytes);
  });
});
