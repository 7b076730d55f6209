/** Where what stood before strace's own text came from. */
export type ForeignPrefix =
  /** `> `, once for each time that a mail was quoted. */
  | 'quote'
  /** `web_1  | ` of docker compose. */
  | 'compose'
  /** `2023-05-11T10:11:03.270Z ` of containers' logs, also with ` stdout F `. */
  | 'time'
  /** `May 11 10:11:03 host name[71]: ` of syslog and journald. */
  | 'syslog'
  /** `     1⇥` of cat -n. */
  | 'number'
  /** `strace.log:`, `strace.log:12:`, `12:` of grep. */
  | 'grep'
  /** Tabs. */
  | 'indent';

const PREFIXES: ReadonlyArray<readonly [ForeignPrefix, RegExp]> = [
  ['quote', /^>+ ?/],
  ['compose', /^[\w.-]+ *\| /],
  ['time', /^\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)? (?:std(?:out|err) [FP] )?/],
  [
    'syslog',
    /^[A-Z][a-z]{2} [ \d]\d [\d:.]{8,} (?:[A-Za-z][\w.-]* )?|^[\w.-]+ [\w./-]+(?:\[\d+\])?: |^[\w./-]+\[\d+\]: /,
  ],
  ['number', /^ *\d+\t/],
  ['grep', /^(?:[^\s:"()]+[:-]\d+[:-]|\d+[:-]|[^\s:"()]+:)/],
  ['indent', /^\t+/],
];
/** Longer ones are none. */
const LONGEST = 200;

/** How much of a line, and what, is before what strace printed: one layer of it. */
export function foreignPrefix(
  text: string,
): { readonly kind: ForeignPrefix; readonly length: number } | undefined {
  const head = text.slice(0, LONGEST);
  for (const [kind, pattern] of PREFIXES) {
    const length = pattern.exec(head)?.[0].length;
    if (length !== undefined) return { kind, length };
  }
  return undefined;
}
