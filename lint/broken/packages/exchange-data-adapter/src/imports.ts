import { lots } from "@tse/domain";
import { StorageError } from "@tse/storage";
import { Venue } from "@tse/venue"; // breaks noRestrictedImports noUndeclaredDependencies
import { FileCommandLog } from "@tse/journal"; // breaks noRestrictedImports noUndeclaredDependencies

export const imported = [lots, StorageError, Venue, FileCommandLog];
