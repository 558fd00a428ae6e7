import { hash } from "node:crypto"; // breaks noNodejsModules noRestrictedImports
import { lots } from "@tse/domain"; // breaks noUndeclaredDependencies
import { CALM } from "@tse/market-model"; // breaks noRestrictedImports noUndeclaredDependencies

export const imported = [lots, CALM, hash, Date.now()]; // breaks noRestrictedGlobals
export const drawn = Math.random(); // breaks plugin
