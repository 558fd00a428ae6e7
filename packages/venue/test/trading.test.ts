import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "node:test";
import { Given } from "./given.ts";

describe("a limit order", () => {
  it("rests and locks what it may cost", () => {
    const given = new Given();

    equal(given.place(1, "buy", 100, 4_400_000), undefined);

    deepEqual(given.tape(), ["accepted 1", "level buy 100@4400000 #1", "balance 1/0 999956+44"]);
    deepEqual(given.depth("buy"), ["100@4400000"]);
  });

  it("trades at the maker's price and keeps what it saved", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    given.place(2, "buy", 150, 4_600_000);

    deepEqual(given.tape(), [
      "accepted 2",
      "trade 1: 2<1 100@4500000",
      "closed 1 filled 0",
      "level sell 0@4500000 #2",
      "level buy 50@4600000 #3",
      "balance 1/1 99.999+0",
      "balance 1/0 1000044.955+0",
      "balance 0/1 0.000001+0",
      "balance 0/0 0.045+0",
      "balance 2/0 999932+23",
      "balance 2/1 100.000999+0",
    ]);
  });

  it("gives its lock back when it is cancelled", () => {
    const given = new Given();
    given.place(1, "sell", 100, 4_500_000);
    given.tape();

    equal(given.cancel(1, 1), undefined);

    deepEqual(given.tape(), [
      "closed 1 cancelled:client 100",
      "level sell 0@4500000 #2",
      "balance 1/1 100+0",
    ]);
  });
});
