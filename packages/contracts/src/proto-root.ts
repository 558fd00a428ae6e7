import { fileURLToPath } from "node:url";

/** The directory that the proto files' names begin at, for loaders that read them as they run. */
export const PROTO_ROOT = fileURLToPath(new URL("../proto", import.meta.url));
