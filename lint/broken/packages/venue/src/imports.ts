import { lots } from "@tse/domain";
import { OrderBook } from "@tse/matching-engine";
import { VirtualClock } from "@tse/simulation"; // breaks noRestrictedImports noUndeclaredDependencies
import { hash } from "node:crypto"; // breaks noNodejsModules noRestrictedImports

export const imported = [lots, OrderBook, VirtualClock, hash, Date.now()]; // breaks noRestrictedGlobals
export const drawn = Math.random(); // breaks plugin
