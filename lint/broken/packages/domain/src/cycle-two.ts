import { one } from "./cycle-one.ts"; // breaks noImportCycles

export const two: number = one + 1;
