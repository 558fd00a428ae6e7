import { lots } from "@tse/domain";
import { Venue } from "@tse/venue"; // breaks noRestrictedImports noUndeclaredDependencies
import { loadConfig } from "@tse/service-kit"; // breaks noRestrictedImports noUndeclaredDependencies

export const imported = [lots, Venue, loadConfig];
