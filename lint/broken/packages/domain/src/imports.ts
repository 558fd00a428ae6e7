import { createHash } from "node:crypto"; // breaks noNodejsModules noRestrictedImports
import type { Service } from "@tse/service-kit"; // breaks noRestrictedImports noUndeclaredDependencies
import fc from "fast-check"; // breaks noRestrictedImports noUndeclaredDependencies
import { pino } from "pino"; // breaks noRestrictedImports noUndeclaredDependencies
import { Venue } from "../../venue/src/index.ts"; // breaks noRestrictedImports
import { reached } from "./globals.ts";

export const imported = [createHash, fc, pino, Venue, reached];
export type Imported = Service;
