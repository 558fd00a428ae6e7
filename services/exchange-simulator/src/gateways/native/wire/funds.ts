import {
  amountText,
  count,
  cursor,
  id,
  money,
  requests,
  timeText,
  vocabulary,
} from "@tse/service-kit/schema";
import { z } from "zod";
import { fillSchema } from "./order-replies.ts";
import { asset, symbol } from "./scalars.ts";
import { ENTRY_CAUSES, TRANSFER_KINDS } from "./words.ts";

export const accountAsset = z.strictObject({ accountId: id("The account's id."), asset });

export const newTransfer = z
  .strictObject({
    toAccountId: id("Another account of the family."),
    asset,
    amount: money("At most 8 decimal places.", "1000"),
  })
  .register(
    vocabulary,
    requests({
      "a thousand dollars": {
        toAccountId: "019b8e4a-7c3c-7001-8000-000000000002",
        asset: "USD",
        amount: "1000",
      },
    }),
  );

const page = {
  limit: count("Items on a page.", 1, 500, 50),
  cursor: cursor.optional(),
};

export const pageQuery = z.strictObject(page);

export const accountFillQuery = z.strictObject({ symbol: symbol.optional(), ...page });

export const fillQuery = z.strictObject({
  accountId: id("The key's own account when absent.").optional(),
  symbol: symbol.optional(),
  ...page,
});

export const balanceSchema = z
  .object({
    asset: z.string(),
    available: amountText("Free for new orders.", "900.00000000"),
    locked: amountText("Set aside for open orders.", "100.00000000"),
    total: amountText("Both together.", "1000.00000000"),
    updatedAt: timeText("Null: never touched.").nullable(),
  })
  .register(vocabulary, { id: "Balance" });

export const balanceList = z
  .object({ balances: z.array(balanceSchema) })
  .register(vocabulary, { id: "BalanceList" });

export const transferSchema = z
  .object({
    transferId: z.string(),
    transferSeq: z.int(),
    kind: z.enum(TRANSFER_KINDS),
    fromAccountId: z.string().nullable(),
    toAccountId: z.string().nullable(),
    asset: z.string(),
    amount: amountText("What moved.", "1000.00000000"),
    externalId: z.string(),
    reason: z.string(),
    completedAt: timeText("When it moved."),
  })
  .register(vocabulary, {
    id: "Transfer",
    description: "Null accounts are the world outside.",
  });

export const transferReply = z
  .object({ transfer: transferSchema })
  .register(vocabulary, { id: "TransferReply" });

export const transferList = z
  .object({ transfers: z.array(transferSchema), nextCursor: z.string().nullable() })
  .register(vocabulary, { id: "TransferList" });

export const entrySchema = z
  .object({
    entrySeq: z
      .int()
      .register(vocabulary, { description: "Rises from entry to entry, with gaps." }),
    cause: z.enum(ENTRY_CAUSES),
    reference: z.string().register(vocabulary, { description: "The fill's or transfer's id." }),
    asset: z.string(),
    change: amountText("Negative: paid.", "-176.00000000"),
    total: amountText("Available and locked together, afterwards.", "824.00000000"),
    at: timeText("When it moved."),
  })
  .register(vocabulary, { id: "LedgerEntry" });

export const entryList = z
  .object({ entries: z.array(entrySchema), nextCursor: z.string().nullable() })
  .register(vocabulary, { id: "LedgerPage" });

export const fillList = z
  .object({ trades: z.array(fillSchema), nextCursor: z.string().nullable() })
  .register(vocabulary, { id: "FillList" });
