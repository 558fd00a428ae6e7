import type { HttpHost } from "@tse/service-kit";
import { speakNative } from "../gateways/native/native-routes.ts";
import { type AccountDeps, accountRoutes } from "./account-routes.ts";
import { requireToken } from "./admin-access.ts";
import { type ChaosDeps, chaosRoutes } from "./chaos-routes.ts";
import { type ClockDeps, clockRoutes } from "./clock-routes.ts";
import { type DebugDeps, debugRoutes } from "./debug-routes.ts";
import { type FundingDeps, fundingRoutes } from "./funding-routes.ts";
import { type StorageDeps, storageRoutes } from "./storage-routes.ts";
import { type SystemDeps, systemRoutes } from "./system-routes.ts";
import { type VenueDeps, venueRoutes } from "./venue-routes.ts";

export type AdminDeps = AccountDeps &
  ChaosDeps &
  ClockDeps &
  DebugDeps &
  FundingDeps &
  StorageDeps &
  SystemDeps &
  VenueDeps & {
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
      clockRoutes(scope, deps);
      fundingRoutes(scope, deps);
      accountRoutes(scope, deps);
      venueRoutes(scope, deps);
      chaosRoutes(scope, deps);
      debugRoutes(scope, deps);
      done();
    });
  };
}

/** Every call that may change something leaves a line, what it was and how it ended. */
function logChanges(app: HttpHost): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { method } = request;
    if (method !== "GET" && method !== "HEAD") {
      const route = request.routeOptions.url;
      request.logger.info("admin call", {
        actor: "admin",
        method,
        route,
        status: reply.statusCode,
      });
    }
    done();
  });
}
