import { Problem } from "@tse/service-kit";
import { StorageError } from "@tse/storage";
import { ExchangeFull, ExchangeNotOpen, ExchangeStopped } from "./exchange.ts";

/** When somebody whom storage could not serve may try again. */
const RETRY_AFTER = { "Retry-After": "1" };

/** What clients are told when the exchange can't do its work now; `undefined` for any other error. */
export function unavailable(error: unknown): Problem | undefined {
  if (error instanceof ExchangeStopped) {
    return new Problem({
      status: 503,
      code: "shutting_down",
      title: "The service is stopping",
      detail: "Whether the request took effect shows when the service is back",
      cause: error,
    });
  }
  const isStorage = error instanceof StorageError && error.code === "storage_unavailable";
  const isClosed = error instanceof ExchangeFull || error instanceof ExchangeNotOpen;
  if (!isStorage && !isClosed) return undefined;
  return new Problem({
    status: 503,
    code: "storage_unavailable",
    title: "Storage is not available now",
    detail: isStorage
      ? "Trading goes on; this part of the history can be read when storage is back"
      : `Nothing was taken: ${error.message}`,
    headers: RETRY_AFTER,
    cause: error,
  });
}
