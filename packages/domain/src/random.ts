/**
 * A seeded stream of chance. The same seed and name give the same numbers on every machine.
 * A component draws only from a stream of its own, so that a draw more in one place changes no other.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;

  /** Uniform integer in [0, bound); `bound` from 1 to 2^32. */
  integer(bound: number): number;

  /** Standard normal: mean 0, deviation 1. */
  normal(): number;

  /** An independent stream that depends on this stream's seed and `name` only, not on draws made. */
  fork(name: string): Random;
}
