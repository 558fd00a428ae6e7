import type { VenueView } from "@tse/venue";
import type { OrderHistory } from "../views/orders.ts";
import type { Statement } from "../views/statement.ts";
import type { Tape } from "../views/tape.ts";
import type { TransferHistory } from "../views/transfers.ts";
import { AuditTrail } from "./audit-trail.ts";
import { FundRecords } from "./fund-records.ts";
import { OrderRecords } from "./order-records.ts";
import type { Past } from "./stored.ts";
import { TapeRecords } from "./tape-records.ts";

/** Everything that was, whether memory still has it or only SQL. */
export interface Records {
  readonly orders: OrderRecords;
  readonly funds: FundRecords;
  readonly tape: TapeRecords;
  readonly audit: AuditTrail;
}

export interface RecordsParts {
  readonly venue: VenueView;
  readonly orders: OrderHistory;
  readonly transfers: TransferHistory;
  readonly statement: Statement;
  readonly tape: Tape;
  readonly past: Past;
}

export function createRecords(parts: RecordsParts): Records {
  return {
    orders: new OrderRecords(parts),
    funds: new FundRecords(parts),
    tape: new TapeRecords(parts),
    audit: new AuditTrail(parts.past),
  };
}
