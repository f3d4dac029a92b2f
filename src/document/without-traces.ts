/**
 * Does work in which a library makes an Error of each mistake that it finds in a text: their traces, which nobody reads, cost
 * more than all else.
 */
export function withoutTraces<T>(work: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = before;
  }
}
