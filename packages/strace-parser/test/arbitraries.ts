import fc from 'fast-check';

/** Any bytes, as a byte string. */
export const byteString: fc.Arbitrary<string> = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes) => String.fromCharCode(...bytes));

/** Bytes in which the characters that mean something to strace's grammar are frequent. */
export const hostileString: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'"\\<>(){}[],= \n|/*+-.~@\'0123456789xabcO_'),
      fc.constantFrom(
        ' = ',
        '<unfinished ...>',
        '<... ',
        ' resumed>',
        '+++ ',
        '--- ',
        ') = 3',
        '=> ',
        '/* ',
        ' */',
        '...',
        '\u001b[0m',
      ),
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
