import { duration } from "@tse/domain";
import { z } from "zod";
import type { Operation } from "../entry.ts";
import { BY_ACCOUNT, faultType, includes, number } from "./fault.ts";

const OPERATIONS = [
  "place_order",
  "cancel_order",
  "cancel_all_orders",
  "amend_order",
] as const satisfies readonly Operation[];

const operation = z.enum(OPERATIONS);
const DELAY_MS_MAX = 60_000;

/** Holds matching commands for `delay_ms` and up to `jitter_ms` more, uniformly drawn. */
export const latency = faultType({
  settings: {
    operation: operation.optional(),
    operations: z.array(operation).min(1).max(OPERATIONS.length).optional(),
    ...BY_ACCOUNT,
    delay_ms: number(0, DELAY_MS_MAX).default(500),
    jitter_ms: number(0, DELAY_MS_MAX).default(0),
  },
  effect(settings, scope, chance) {
    const named = [
      ...(settings.operations ?? []),
      ...(settings.operation ? [settings.operation] : []),
    ];
    const operations = named.length === 0 ? undefined : new Set<Operation>(named);
    return {
      delay(command) {
        if (!includes(operations, command.kind)) return undefined;
        if (!includes(scope.accounts, command.account)) return undefined;
        return duration(
          Math.round((settings.delay_ms + chance.next() * settings.jitter_ms) * 1000),
        );
      },
    };
  },
});
