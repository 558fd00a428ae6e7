export { type CutableProxy, cutableProxy } from "./cutable-proxy.ts";
export { openTestRedis, redisSkip, type TestRedis } from "./redis.ts";
export { testAddress } from "./test-address.ts";
export { TEST_BACKENDS, type TestBackend } from "./test-backends.ts";
export { systemClock } from "./test-clock.ts";
export { ManualClock, type OpenStore, type TestStore, testStores } from "./test-stores.ts";
