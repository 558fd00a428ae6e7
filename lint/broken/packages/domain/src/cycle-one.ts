import { two } from "./cycle-two.ts"; // breaks noImportCycles

export const one: number = two + 1;
