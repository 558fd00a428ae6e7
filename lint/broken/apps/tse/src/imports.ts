import { start } from "@tse/exchange-simulator";
import { page } from "@tse/dashboard"; // breaks noRestrictedImports noUndeclaredDependencies
import { sequencer } from "../../../services/exchange-simulator/src/sequencer.ts"; // breaks noRestrictedImports

export const imported = [start, page, sequencer];
