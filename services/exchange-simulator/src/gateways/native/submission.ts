import { assert, type Command, type VenueEvent } from "@tse/domain";
import type { Exchange, Origin, Unit } from "../../exchange.ts";
import { rejected } from "./problems.ts";

/** Has a command carried out that isn't a trading one. @throws Problem when the venue refuses it */
export async function carryOut(
  exchange: Pick<Exchange, "submit">,
  command: Command,
  origin: Origin,
): Promise<Unit> {
  const unit = await exchange.submit(command, origin);
  if (unit.rejection !== undefined) throw rejected(unit.rejection);
  return unit;
}

/** The one event of its kind that an accepted command always has. */
export function eventOf<Kind extends VenueEvent["kind"]>(
  unit: Unit,
  kind: Kind,
): Extract<VenueEvent, { kind: Kind }> {
  const event = unit.events.find((one) => one.kind === kind);
  assert(event !== undefined, `an accepted ${unit.command.kind} has its ${kind}`);
  return event as Extract<VenueEvent, { kind: Kind }>;
}
