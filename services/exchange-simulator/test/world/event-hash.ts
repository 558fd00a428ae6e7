import { createHash } from "node:crypto";
import type { UnitListener } from "../../src/exchange.ts";
import { ADMIN_TOKEN, call, startService } from "../service/running.ts";

const exact = (_key: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);

/** Takes every unit, whole, into one hash. */
function unitHash(): { readonly add: UnitListener; readonly digest: () => string } {
  const hash = createHash("sha256");
  return {
    add: ({ sequence, time, command, rejection, events }) => {
      hash.update(JSON.stringify([sequence, time, command, rejection, events], exact));
    },
    digest: () => hash.digest("hex"),
  };
}

/** What a world of that seed did until its clock was moved on by `steps`, as one hash. */
export async function eventHash(seed: string, steps: readonly string[]): Promise<string> {
  const hash = unitHash();
  await using world = await startService({
    argv: ["--seed", seed, "--clock", "virtual"],
    onUnit: hash.add,
  });
  for (const by of steps) {
    const { status } = await call(`${world.admin}/admin/clock/advance`, "POST", ADMIN_TOKEN, {
      by,
    });
    if (status !== 200) throw new Error(`the clock was not advanced: ${status}`);
  }
  return hash.digest();
}
