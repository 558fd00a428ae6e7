/** Thrown when our own code is wrong, never because of what a user sent. Do not catch it: crash. */
export class InvariantViolation extends Error {
  override name = "InvariantViolation";
}

/** State the rule that holds, not the failure: `assert(lots > 0, "a resting order has quantity left")`. */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new InvariantViolation(rule);
}
