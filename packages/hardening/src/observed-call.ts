/** One system call of a traced program, as strace printed it. */
export interface ObservedCall {
  readonly name: string;
  /** Between the parentheses. */
  readonly argumentsText: string;
  /** What follows `= `; '' where the call did not return. */
  readonly resultText: string;
  /** Why it failed. */
  readonly errno?: string;
  /** Of the trace, from 1. */
  readonly line: number;
  readonly pid: number;
  /** The program that made it, as it was asked for. */
  readonly program?: string;
}
