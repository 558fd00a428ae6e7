import { Readable } from "node:stream"; // breaks useImportType
import { readFile } from "fs/promises"; // breaks useNodejsImportProtocol
import { start } from "./promises"; // breaks useImportExtensions
import { refuse } from "./errors.ts"; // breaks noUnusedImports

export * from "./globals.ts"; // breaks noReExportAll
export type Input = Readable;
export default [readFile, start]; // breaks noDefaultExport
