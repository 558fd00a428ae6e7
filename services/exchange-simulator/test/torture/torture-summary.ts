import type { LogLine } from "./exchange-process.ts";
import type { SentAgain } from "./members.ts";

/** How a cycle went. */
export interface CycleReport {
  readonly cycle: number;
  /** Whether the world ran in real time, its own participants with it. */
  readonly isReal: boolean;
  readonly acknowledged: number;
  /** Commands on their way when the process was struck. */
  readonly inFlight: number;
  /** From the birth of the process after the strike until it listened. */
  readonly startMs: number;
  /** Commands that it repeated from its journal, and how long that took. */
  readonly tail: { readonly commands: number; readonly tookMs: number };
  readonly again: Omit<SentAgain, "findings">;
  readonly isStored: boolean;
  readonly findings: readonly string[];
}

/** A restart may take 2 s, and 1 s more for each 250,000 commands after the snapshot. */
const slowest = ({ tail }: CycleReport): number => 2_000 + tail.commands / 250;

/** What a run of the torture came to. */
export class TortureSummary {
  readonly seed: string;
  /** Processes that were struck on their way up. */
  strikesAtStart = 0;
  readonly #reports: CycleReport[] = [];

  constructor(seed: string) {
    this.seed = seed;
  }

  add(report: CycleReport): void {
    this.#reports.push(report);
  }

  /** What went wrong, with what repeats it. */
  get findings(): readonly string[] {
    return this.#reports.flatMap(({ cycle, findings }) =>
      findings.map((finding) => `cycle ${cycle} of seed ${this.seed}: ${finding}`),
    );
  }

  /** Share of the strikes that met commands on their way. */
  get inFlightShare(): number {
    const met = this.#reports.filter(({ inFlight }) => inFlight > 0).length;
    return met / Math.max(1, this.#reports.length);
  }

  /** Fewest acknowledgements of any cycle. */
  get fewestAcknowledged(): number {
    return Math.min(...this.#reports.map(({ acknowledged }) => acknowledged));
  }

  /** Plain figures, to print. */
  figures() {
    const reports = this.#reports;
    const sum = (of: (report: CycleReport) => number) =>
      reports.reduce((total, report) => total + of(report), 0);
    const starts = reports.map(({ startMs }) => startMs).toSorted((a, b) => a - b);
    return {
      seed: this.seed,
      cycles: reports.length,
      strikesAtStart: this.strikesAtStart,
      strikesWithCommandsInFlight: this.inFlightShare,
      acknowledged: sum(({ acknowledged }) => acknowledged),
      inFlight: sum(({ inFlight }) => inFlight),
      sentAgain: sum(({ again }) => again.sent),
      unansweredThatHadActed: sum(({ again }) => again.hadActed),
      unansweredThatActedNow: sum(({ again }) => again.actedNow),
      comparedWithSql: reports.filter(({ isStored }) => isStored).length,
      restartMs: {
        median: Math.round(starts[Math.floor(starts.length / 2)] ?? 0),
        longest: Math.round(starts.at(-1) ?? 0),
      },
      restartsSlowerThanPromised: reports.filter((one) => one.startMs > slowest(one)).length,
      commandsRepeated: sum(({ tail }) => tail.commands),
      findings: this.findings,
    };
  }
}

/** What a start's log says of the journal that it repeated. */
export function tailIn(log: readonly LogLine[]): CycleReport["tail"] {
  const line = log.find(({ msg, message }) => (msg ?? message) === "journal repeated");
  return { commands: Number(line?.commands ?? 0), tookMs: Number(line?.tookMs ?? 0) };
}
