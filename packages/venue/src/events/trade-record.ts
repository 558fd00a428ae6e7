import type { Side } from "@tse/domain";
import { Money } from "../ledger/money.ts";

/** The fields of one trade on their way into the log; one record is reused for all. */
export class TradeRecord {
  tradeSeq = 0;
  instrument = 0;
  takerSide: Side = "buy";
  price = 0;
  quantity = 0;
  takerOrder = 0;
  makerOrder = 0;
  takerAccount = 0;
  makerAccount = 0;
  readonly notional = new Money();
  readonly takerFee = new Money();
  readonly makerFee = new Money();
}
