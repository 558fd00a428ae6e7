import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "@tse/domain";
import { seededRandom } from "@tse/simulation";
import { Connection } from "./connection.ts";
import { ADMIN_TOKEN, type ExchangeProcess } from "./exchange-process.ts";
import { JournalReplay } from "./journal-replay.ts";
import { Load } from "./load.ts";
import { Members } from "./members.ts";
import {
  checkInvariants,
  checkReplay,
  checkStorage,
  isOpen,
  untilStorage,
} from "./service-checks.ts";
import { type CycleReport, TortureSummary, tailIn } from "./torture-summary.ts";
import type { TortureWorld } from "./world.ts";

const ACKNOWLEDGEMENTS = 100;
/** Longest that a cycle's load goes on after its hundredth acknowledgement. */
const FURTHER_MS = 400;
/** Share of cycles whose world runs in real time; in the others nothing but the clients moves. */
const REAL_TIME = 0.7;
/** Share of restarts that are struck as well, and how long after their begin at most. */
const STRUCK_AT_START = 0.12;
const START_MS = 900;
/**
 * Share of restarts after which the clients go on before SQL is open: only the state is compared, and what
 * the clients know a strike later.
 */
const UNLOOKED = 0.5;

export interface TortureOptions {
  readonly world: TortureWorld;
  readonly cycles: number;
  readonly seed: string;
  readonly clients: number;
  /** SQL is compared with memory after each so many cycles, and after the last. */
  readonly storageEvery: number;
  /** Told of each cycle when it is over. */
  readonly onCycle?: (report: CycleReport) => void;
}

interface Cycle {
  readonly number: number;
  readonly random: Random;
}

/**
 * Trades, strikes, restarts and compares, cycle after cycle, until the last or one that finds something.
 * What is sent and when it strikes follows from the seed; what the process is doing just then doesn't.
 */
export async function torture(options: TortureOptions): Promise<TortureSummary> {
  const { world, cycles, seed, clients, onCycle } = options;
  const random = seededRandom(seed).fork("torture");
  const summary = new TortureSummary(seed);
  const replay = JournalReplay.fromBeginning(world.dataDir);
  // A clock that first stood still would jump to the machine's time, and years of prices be drawn.
  let exchange = await world.start("real");
  try {
    const members = await Members.open(exchange, clients);
    for (let number = 1; number <= cycles && summary.findings.length === 0; number++) {
      const cycle = { number, random: random.fork(`cycle ${number}`) };
      const struck = await strikeUnderLoad(exchange, members, { cycle, world });
      if (cycle.random.next() < STRUCK_AT_START) {
        await world.strikeAtStart(START_MS * cycle.random.next());
        summary.strikesAtStart += 1;
      }
      exchange = await world.start("virtual");
      const compared = await compare(exchange, members, { cycle, options, replay });
      const { startMs, log } = exchange;
      const findings = [...struck.findings, ...compared.findings];
      const report = { ...struck, ...compared, startMs, tail: tailIn(log), findings };
      summary.add(report);
      onCycle?.(report);
    }
  } finally {
    await exchange.end("SIGKILL");
  }
  return summary;
}

async function strikeUnderLoad(
  exchange: ExchangeProcess,
  members: Members,
  { cycle, world }: { readonly cycle: Cycle; readonly world: TortureWorld },
) {
  const { number, random } = cycle;
  const isReal = random.next() < REAL_TIME;
  await setClock(exchange, isReal ? "real" : "virtual");
  const load = new Load(exchange, members.clients, random.fork("load"));
  await load.untilAcknowledged(ACKNOWLEDGEMENTS);
  await pause(FURTHER_MS * random.next());
  const { inFlight } = load;
  load.halt();
  await world.strike(exchange);
  const findings = await load.done();
  return { cycle: number, isReal, acknowledged: load.acknowledged, inFlight, findings };
}

const UNCOMPARED = {
  again: { sent: 0, hadActed: 0, actedNow: 0 },
  isStored: false,
  findings: [] as readonly string[],
};

/** Everything that has to hold of a world that was struck and started again. */
async function compare(
  exchange: ExchangeProcess,
  members: Members,
  {
    cycle,
    options,
    replay,
  }: {
    readonly cycle: Cycle;
    readonly options: TortureOptions;
    readonly replay: JournalReplay;
  },
) {
  const { number, random } = cycle;
  const isLast = number === options.cycles;
  const isStored = isLast || number % options.storageEvery === 0;
  const isLooked = random.next() >= UNLOOKED || isStored;
  const admin = new Connection(exchange.admin, ADMIN_TOKEN);
  try {
    if (!isLooked) return { ...UNCOMPARED, findings: await compareState(admin, replay) };
    await untilStorage(admin, (status) => isOpen(status) && status.projection.lagUnits === 0);
    // Whatever the participants did at the start is done when this is answered.
    await admin.ask("POST", "/admin/clock/advance", { by: "1ms" });
    const first = await members.compare(exchange);
    const { findings: again, ...counts } = await members.sendAgain(exchange, random.fork("again"));
    const second = await members.compare(exchange);
    members.forget(random.fork("forget"));
    const findings = [
      ...first,
      ...again,
      ...second,
      ...(await compareState(admin, replay)),
      ...(isStored ? await checkStorage(admin) : []),
    ];
    if (isLast) findings.push(...(await checkSnapshot(admin, options.world.dataDir)));
    return { again: counts, isStored, findings };
  } catch (error) {
    return { ...UNCOMPARED, findings: [`it can't be compared: ${error}`] };
  } finally {
    admin.close();
  }
}

/** What holds of the state whatever anybody knows. */
async function compareState(admin: Connection, replay: JournalReplay): Promise<readonly string[]> {
  return [...(await checkInvariants(admin)), ...(await checkReplay(admin, replay))];
}

async function checkSnapshot(admin: Connection, dataDir: string): Promise<readonly string[]> {
  const replay = await JournalReplay.fromOldestSnapshot(dataDir);
  return replay === undefined ? ["there is no snapshot"] : await checkReplay(admin, replay);
}

async function setClock(exchange: ExchangeProcess, mode: "real" | "virtual"): Promise<void> {
  const admin = new Connection(exchange.admin, ADMIN_TOKEN);
  await admin.ask("PUT", "/admin/clock", { mode });
  admin.close();
}
