/** Where storage tells of changes: the part of a service's log that is needed here. */
export interface StorageLogger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
