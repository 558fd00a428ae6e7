import { lots } from "@tse/domain";
import { Venue } from "@tse/venue"; // breaks noRestrictedImports noUndeclaredDependencies
import { hash } from "node:crypto"; // breaks noNodejsModules noRestrictedImports

export const imported = [lots, Venue, hash, Date.now()]; // breaks noRestrictedGlobals
export const drawn = Math.random(); // breaks plugin
