import type { Account } from "@tse/domain";
import type { Origin } from "../../exchange.ts";
import type { Endpoint, Security } from "./endpoint.ts";
import type { ENDPOINTS, EndpointName } from "./endpoints.ts";
import type { Values } from "./parameters.ts";

/** Who sent a signed request. */
export interface Caller {
  readonly account: Account;
  readonly origin: Origin;
}

/** A request as a handler sees it: authenticated where its endpoint says so, its parameters read. */
export interface Call<Described extends Endpoint> {
  readonly values: Values<Described["parameters"]>;
  readonly caller: CallerOf<Described["security"]>;
  /** Adds headers to the answer. */
  headers(headers: Readonly<Record<string, string>>): void;
}

type CallerOf<Level extends Security> = Level extends "none" ? undefined : Caller;

/** What answers each of some endpoints: returns the body or throws `Refused`. */
export type Handlers<Names extends EndpointName> = {
  readonly [Name in Names]: (call: Call<(typeof ENDPOINTS)[Name]>) => unknown;
};
