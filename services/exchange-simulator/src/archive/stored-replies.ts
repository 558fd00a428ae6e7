import { type AccountNumber, assert, type Sequence } from "@tse/domain";
import type { ExchangeDataAdapter, IdempotencyRecord } from "@tse/exchange-data-adapter";
import type { VenueView } from "@tse/venue";
import type { RequestName } from "../idempotency/idempotent-replies.ts";
import type { KeptReply } from "../idempotency/kept-reply.ts";

/** The reply that is stored under a request's name; `undefined` when there is none. */
export async function findReply(
  repository: Pick<ExchangeDataAdapter["idempotencyRepository"], "get">,
  { account, key }: RequestName,
  venue: VenueView,
): Promise<KeptReply | undefined> {
  const accountId = venue.account(account)?.id;
  assert(accountId !== undefined, "a request is of an account");
  const record = await repository.get(accountId, key);
  return record === undefined ? undefined : keptReply(record, account);
}

/** The way back of the projection's row. */
function keptReply(record: IdempotencyRecord, account: AccountNumber): KeptReply | undefined {
  const { idemKey, requestHash, httpStatus, response, expiresAt } = record;
  if (httpStatus === undefined || response === undefined) return undefined;
  return {
    account,
    key: idemKey,
    hash: requestHash,
    status: httpStatus,
    contentType: String(response.contentType),
    body: String(response.body),
    sealedFor: String(response.sealedFor),
    sequence: Number(response.sequence) as Sequence,
    expiresAt,
  };
}
