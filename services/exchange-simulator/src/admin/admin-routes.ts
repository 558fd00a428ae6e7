import {
  type ClockState,
  type ControllableClock,
  clockRoutes,
  formatTime,
  type HttpHost,
  logChanges,
  requireToken,
} from "@tse/service-kit";
import type { Exchange } from "../exchange.ts";
import { type Fact, recordFact } from "../facts.ts";
import { speakNative } from "../gateways/native/native-routes.ts";
import { type AccountDeps, accountRoutes } from "./account-routes.ts";
import { adminOrigin } from "./admin-access.ts";
import { type ChaosDeps, chaosRoutes } from "./chaos-routes.ts";
import { type DebugDeps, debugRoutes } from "./debug-routes.ts";
import { type FundingDeps, fundingRoutes } from "./funding-routes.ts";
import { type StorageDeps, storageRoutes } from "./storage-routes.ts";
import { type SystemDeps, systemRoutes } from "./system-routes.ts";
import { type VenueDeps, venueRoutes } from "./venue-routes.ts";

export type AdminDeps = AccountDeps &
  ChaosDeps &
  DebugDeps &
  FundingDeps &
  StorageDeps &
  SystemDeps &
  VenueDeps & {
    readonly clock: ControllableClock;
    readonly exchange: Pick<Exchange, "submit">;
    /** What opens the listener. Never logged, never answered. */
    readonly token: string;
  };

/**
 * What operators and test coordinators do to a world: money, accounts, instruments, the clock, chaos,
 * and a look inside. For a listener of its own: nothing of it is on the production listener, and the
 * token opens nothing there.
 */
export function adminRoutes(deps: AdminDeps): (app: HttpHost) => void {
  return (app) => {
    app.addHook("onRequest", requireToken(deps.token));
    app.register((scope: HttpHost, _options, done) => {
      speakNative(scope);
      logChanges(scope);
      systemRoutes(scope, deps);
      storageRoutes(scope, deps);
      clockRoutes(scope, {
        clock: deps.clock,
        onChange: (state, request) =>
          recordFact(deps.exchange, changeOf(state), adminOrigin(request)),
      });
      fundingRoutes(scope, deps);
      accountRoutes(scope, deps);
      venueRoutes(scope, deps);
      chaosRoutes(scope, deps);
      debugRoutes(scope, deps);
      done();
    });
  };
}

function changeOf({ mode, now, speed }: ClockState): Fact {
  const details = { mode, now: formatTime(now), speed };
  return { action: "clock.changed", entityType: "clock", entityId: "world", details };
}
