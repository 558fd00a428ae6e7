import { Venue } from "@tse/venue";
import { loadConfig } from "@tse/service-kit";
import { audit } from "@tse/audit-correlator"; // breaks noRestrictedImports noUndeclaredDependencies
import { run } from "@tse/tse"; // breaks noRestrictedImports noUndeclaredDependencies
import { quotes } from "../../market-data-simulator/src/quotes.ts"; // breaks noRestrictedImports

export const imported = [Venue, loadConfig, audit, run, quotes];
