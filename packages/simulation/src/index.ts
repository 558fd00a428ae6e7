export { seededRandom } from "./random.ts";
export { type Settle, VirtualClock } from "./virtual-clock.ts";
