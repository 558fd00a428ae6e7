import process from "node:process";
import { eventHash } from "./event-hash.ts";

/** For a process of its own: `node print-event-hash.ts <seed> <step>...` */
const [, , seed = "", ...steps] = process.argv;
process.stdout.write(await eventHash(seed, steps));
