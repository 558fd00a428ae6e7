import { type AuditVerdict, newExchangeDataAdapter } from "@tse/exchange-data-adapter";
import { DirectoryInUse } from "@tse/journal";
import { realClock, setting, silentLogger } from "@tse/service-kit";
import { seededRandom } from "@tse/simulation";
import { askAuditVerdict } from "../ask-audit-verdict.ts";
import { command } from "../command.ts";
import { ProgressLine } from "../progress.ts";
import { jsonLine, plural } from "../readable.ts";
import { Refused } from "../refused.ts";
import {
  ACCESS_SETTINGS,
  JSON_SETTING,
  STORE_SETTINGS,
  type StorePlace,
  URL_SETTING,
} from "../settings.ts";
import { EXCHANGE_SCHEMA, type OpenStore, openStore } from "../stores.ts";
import type { Terminal } from "../terminal.ts";

/** Recomputes the chain of the audit trail. */
export const auditVerify = command({
  verb: "audit verify",
  about: "recompute the chain of hashes over the audit trail; name the first broken row",
  more: `Reads the database that a start with the same settings would use. An embedded one belongs to its world
alone: while that runs, ask it with --url.`,
  settings: {
    ...STORE_SETTINGS,
    ...ACCESS_SETTINGS,
    json: JSON_SETTING,
    url: setting<string | undefined>({ ...URL_SETTING, default: undefined }),
  },
  async run(config, terminal) {
    const { url } = config;
    const verdict =
      url === undefined ? await readVerdict(config, terminal) : await askAuditVerdict(url, config);
    const intact = verdict.status === "intact";
    terminal.output.write(
      config.json ? jsonLine({ intact, ...verdict }) : `${sentence(verdict)}\n`,
    );
    return intact ? 0 : 1;
  },
});

async function readVerdict(place: StorePlace, terminal: Terminal): Promise<AuditVerdict> {
  if (place.store === "memory") {
    throw new Refused(`STORE=memory keeps history in the running world: ${ASK_IT}`);
  }
  await using store = await openStore(place, { isMade: false }).catch((cause: unknown) => {
    if (!(cause instanceof DirectoryInUse)) throw cause;
    throw new Refused(`the world in ${cause.directory} runs: ${ASK_IT}, or stop it first`, {
      cause,
    });
  });
  if (store === undefined) throw new Refused("there is no database yet: the first start makes it");
  return await verify(store, EXCHANGE_SCHEMA.nameOf(place), terminal);
}

const ASK_IT = "ask it with --url http://127.0.0.1:8185";

async function verify(
  store: OpenStore,
  schema: string,
  { notes }: Terminal,
): Promise<AuditVerdict> {
  const clock = realClock();
  const database = store.open(schema);
  const adapter = newExchangeDataAdapter(
    { instanceName: "exchange", store: { kind: "database", database }, access: "reader" },
    { logger: silentLogger, clock, realClock: clock, random: seededRandom("audit") },
  );
  const progress = new ProgressLine(notes);
  try {
    // The adapter would go on trying to reach it.
    await database.ping();
    await adapter.connect();
    const last = (await adapter.auditRepository.last())?.seq ?? 0;
    return await adapter.auditRepository.verify((events) =>
      progress.show({ doing: "verifying audit events", done: events, total: last }),
    );
  } finally {
    progress.end();
    await adapter.disconnect();
  }
}

const FAULTS = {
  gap: "a row is missing before it",
  prev_hash: "it does not follow the row before",
  hash: "it was changed",
} as const satisfies Record<Extract<AuditVerdict, { status: "broken" }>["fault"], string>;

function sentence(verdict: AuditVerdict): string {
  const counted = plural(verdict.events, "event");
  if (verdict.status === "broken") {
    return `the audit trail is broken at event ${verdict.seq}: ${FAULTS[verdict.fault]} (${counted} before it are intact)`;
  }
  if (verdict.events === 0) return "the audit trail is empty";
  return `the audit trail is intact: ${counted}, the last with hash ${verdict.lastHash}`;
}
