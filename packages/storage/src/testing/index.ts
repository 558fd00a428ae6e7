export { TEST_BACKENDS, type TestBackend } from "./test-backends.ts";
