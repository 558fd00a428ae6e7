import { isIP } from "node:net";
import {
  count,
  cursor,
  id,
  instant,
  requests,
  text,
  timeText,
  vocabulary,
} from "@tse/service-kit/schema";
import { z } from "zod";
import { ACCOUNT_STATUSES, ACCOUNT_TYPES, KYC_STATUSES, SCOPES } from "./words.ts";

const METADATA_LENGTH_MAX = 4_096;
const METADATA_DEPTH_MAX = 8;

/** Any JSON object, small and shallow; kept as text. */
const metadata = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    const params = { rule: "depth" };
    if (!isShallow(value, METADATA_DEPTH_MAX)) {
      const message = `nests at most ${METADATA_DEPTH_MAX} levels`;
      context.addIssue({ code: "custom", message, params });
    } else if (JSON.stringify(value).length > METADATA_LENGTH_MAX) {
      const message = `has at most ${METADATA_LENGTH_MAX} characters as JSON`;
      context.addIssue({ code: "custom", message, params: { rule: "length" } });
    }
  })
  .register(vocabulary, {
    description: "Any JSON object of at most 4096 characters and 8 levels.",
    examples: [{ desk: "arbitrage" }],
  });

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

const name = text("Unique among one master's sub-accounts.", 1, 64, ["strategy-arbitrage"]);
const userId = text("Whose account it is, in the client's own words.", 1, 64, ["trader-1"]);

export const newAccount = z
  .strictObject({
    userId,
    accountType: z.enum(ACCOUNT_TYPES),
    parentAccountId: id("The master account; needs its `admin` scope.").optional(),
    name: name.optional(),
    metadata: metadata.optional(),
  })
  .register(vocabulary, requests({ "an account": { userId: "trader-1", accountType: "SPOT" } }));

export const newSubAccount = z
  .strictObject({
    userId: userId.optional(),
    accountType: z.enum(ACCOUNT_TYPES).optional(),
    name: name.optional(),
    metadata: metadata.optional(),
  })
  .register(vocabulary, {
    description: "`userId` and `accountType` are the master's when absent.",
    ...requests({ "a strategy": { name: "strategy-arbitrage" } }),
  });

export const accountChange = z
  .strictObject({ name: name.optional(), metadata: metadata.optional() })
  .superRefine((change, context) => {
    if (change.name !== undefined || change.metadata !== undefined) return;
    const params = { rule: "required" };
    context.addIssue({
      code: "custom",
      path: ["name"],
      message: "or metadata is required",
      params,
    });
  })
  .register(vocabulary, requests({ "another name": { name: "strategy-momentum" } }));

export const accountId = z.strictObject({ accountId: id("The account's id.") });

export const accountPage = z.strictObject({
  limit: count("Accounts on a page.", 1, 500, 50),
  cursor: cursor.optional(),
});

const address = z
  .string()
  .superRefine((value, context) => {
    if (isIP(value) !== 0) return;
    const message = "must be an IPv4 or IPv6 address";
    context.addIssue({ code: "custom", message, params: { rule: "address" } });
  })
  .register(vocabulary, { examples: ["127.0.0.1"] });

export const newKey = z
  .strictObject({
    label: text("What the key is for.", 0, 64, ["bot"]).optional(),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(3)
      .register(vocabulary, { description: "`admin` includes `trade`, which includes `read`." }),
    addresses: z
      .array(address)
      .max(20)
      .register(vocabulary, { description: "Addresses that may use it; any when absent." })
      .optional(),
    expiresAt: instant("Valid before; for ever when absent.").optional(),
  })
  .register(vocabulary, requests({ "a trading key": { label: "bot", scopes: ["read", "trade"] } }));

const keyIdText = text("The key's id.", 16, 64, ["Zk3mV0pXo9yQeJ7tB2uRw1AhNcLdS8iG"]);

export const keyId = z.strictObject({ keyId: keyIdText });

export const accountKeyId = z.strictObject({
  accountId: id("The account's id."),
  keyId: keyIdText,
});

export const accountSchema = z
  .object({
    accountId: z.string(),
    userId: z.string(),
    accountType: z.enum(ACCOUNT_TYPES),
    status: z.enum(ACCOUNT_STATUSES),
    kycStatus: z.enum(KYC_STATUSES),
    parentAccountId: z.string().nullable(),
    name: z.string(),
    feeTier: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    createdAt: timeText("When it was made."),
    updatedAt: timeText("When it last changed."),
  })
  .register(vocabulary, { id: "Account" });

export const accountReply = z
  .object({ account: accountSchema })
  .register(vocabulary, { id: "AccountReply" });

export const accountList = z
  .object({ accounts: z.array(accountSchema), nextCursor: z.string().nullable() })
  .register(vocabulary, { id: "AccountList" });

export const keySchema = z
  .object({
    keyId: z.string(),
    accountId: z.string(),
    label: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    addresses: z.array(z.string()),
    expiresAt: timeText("Null: never.").nullable(),
    createdAt: timeText("When it was made."),
  })
  .register(vocabulary, { id: "ApiKey" });

const newKeySchema = z
  .object({
    ...keySchema.shape,
    secret: z.string().register(vocabulary, { description: "Shown this once." }),
  })
  .register(vocabulary, { id: "NewApiKey" });

export const newAccountReply = z
  .object({ account: accountSchema, apiKey: newKeySchema })
  .register(vocabulary, { id: "NewAccountReply" });

export const newKeyReply = z
  .object({ apiKey: newKeySchema })
  .register(vocabulary, { id: "NewKeyReply" });

export const keyReply = z.object({ apiKey: keySchema }).register(vocabulary, { id: "KeyReply" });

export const keyList = z
  .object({ keys: z.array(keySchema) })
  .register(vocabulary, { id: "KeyList" });
