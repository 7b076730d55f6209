import type { OtherLine } from './log-reader.js';

/** How much of a line is looked at: strace's own lines are short, foreign ones may be anything. */
const LOOK = 400;

// Column titles of the table, with all that -U can choose.
const TITLES = /^ *(?:(?:% time|seconds|shortest|longest|usecs\/call|calls|errors|syscall)(?: +|$))+$/;
const RULE = /^-+(?: -+)*$/;
const ROW = /^ *[\d.]+(?: +[\w.?]+)+ *$|^[\w?]+(?: +[\d.]+)+(?: +\w+)? *$/;
const SUMMARY_OF = /^System call usage summary for .+ mode:$/;
const MESSAGE =
  /^(?:\S*strace\S*: |Process \d+ (?:attached|detached|suspended|resumed)\b|Try 'strace -h' for more)/;
/** With a place in memory: what is quoted in a mail begins in the same way. */
const STACK = /^ ?> .*\[0x[0-9a-f]+\]/;
const DUMP =
  /^ ?(?:\| ?(?:[0-9a-f]{5,}|<)|\* \d+ bytes in buffer \d+|= \d+ buffers in vector \d+|VCPU(?::\d+)?[<>] \{)/;
const TIPS_BEGIN = /^ {2}_{20,} +_+$/;
const TIPS_END = /-" +"-$/;

/** Recognises the lines of strace that are no events of a process. Tables and tips have several lines, so it remembers. */
export class OddLines {
  #inTable = false;
  #inTips = false;

  /** What kind of line this is; undefined if it is not strace's. */
  classify(line: string): OtherLine | undefined {
    const text = line.slice(0, LOOK);
    if (this.#inTips) {
      this.#inTips = !TIPS_END.test(text);
      return 'message';
    }
    if (TITLES.test(text) && text !== '') this.#inTable = true;
    if (this.#inTable && (TITLES.test(text) || RULE.test(text) || ROW.test(text))) return 'table';
    if (SUMMARY_OF.test(text)) return 'table';
    if (STACK.test(text)) return 'stack';
    if (DUMP.test(text)) return 'dump';
    if (MESSAGE.test(text)) return 'message';
    if (/^\s*$/.test(text)) return 'blank';
    this.#inTips = TIPS_BEGIN.test(text);
    return this.#inTips ? 'message' : undefined;
  }
}
