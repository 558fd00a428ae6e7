import { type Disk, type DiskFile, readFully } from "./disk.ts";
import { decodeHeader, HEADER_BYTES, type SegmentHeader } from "./segment-header.ts";

const NAME = /^(\d{12})\.segment$/;

export function segmentName(number: number): string {
  return `${String(number).padStart(12, "0")}.segment`;
}

/** Numbers of the segments there are, ahead-made ones included, lowest first. */
export async function segmentNumbers(disk: Disk): Promise<number[]> {
  const numbers: number[] = [];
  for (const name of await disk.list()) {
    const match = NAME.exec(name);
    if (match !== null) numbers.push(Number(match[1]));
  }
  return numbers.sort((one, other) => one - other);
}

/** @throws JournalVersionUnsupported */
export async function readHeader(file: DiskFile, path: string): Promise<SegmentHeader | undefined> {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const length = await readFully(file, bytes, 0);
  return decodeHeader(bytes.subarray(0, length), path);
}

/** Opens a file for as long as `use` takes. */
export async function withFile<Result>(
  disk: Disk,
  name: string,
  use: (file: DiskFile) => Promise<Result>,
): Promise<Result> {
  const file = await disk.open(name, "read");
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
