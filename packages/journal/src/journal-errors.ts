/** Where in the journal something is wrong. */
export interface JournalPosition {
  /** Path of the file. */
  readonly file: string;
  /** Byte in the file. */
  readonly offset: number;
  /** Of the entry that stands there or should. */
  readonly sequence: number;
}

/**
 * What was durable once is not there as it was written. Nothing was served or changed, and nothing is
 * deleted: only an owner can say which part of the history may be given up.
 */
export class JournalCorrupt extends Error {
  override name = "JournalCorrupt";
  readonly code = "journal_corrupt";
  readonly position: JournalPosition;

  constructor(what: string, options: JournalPosition & ErrorOptions) {
    const { file, offset, sequence, ...more } = options;
    super(
      `the journal is damaged: ${what}, in ${file} at byte ${offset}, entry ${sequence}. ` +
        "Nothing was changed. Copy the directory first; then restore this file from a backup, or move the " +
        "directory away and start anew from an export or another copy",
      more,
    );
    this.position = { file, offset, sequence };
  }
}

/** The file was written in a format that this version can't read. */
export class JournalVersionUnsupported extends Error {
  override name = "JournalVersionUnsupported";
  readonly code = "journal_version_unsupported";
  readonly file: string;
  readonly version: number;

  constructor(file: string, version: number, supported: number) {
    const advice =
      version > supported
        ? "it was written by a newer version: start that version, or update this one"
        : "it was written by a version that is too old: export it with that version and import it here";
    super(`${file} has format ${version}, this version reads format ${supported}; ${advice}`);
    this.file = file;
    this.version = version;
  }
}
