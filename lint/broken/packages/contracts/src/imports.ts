import { lots } from "@tse/domain"; // breaks noRestrictedImports noUndeclaredDependencies

export const imported = lots;
