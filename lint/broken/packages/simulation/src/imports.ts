import { lots } from "@tse/domain";
import { Venue } from "@tse/venue";
import { Journal } from "@tse/journal"; // breaks noRestrictedImports noUndeclaredDependencies
import { Price } from "@tse/market-model"; // breaks noRestrictedImports noUndeclaredDependencies
import { hash } from "node:crypto"; // breaks noNodejsModules noRestrictedImports

export const imported = [lots, Venue, Journal, Price, hash, Date.now()]; // breaks noRestrictedGlobals
export const drawn = Math.random(); // breaks plugin
