import process from "node:process";

type Variable = "TEST_POSTGRES_URL" | "TEST_REDIS_URL";

/**
 * Why tests of a server are skipped: its address isn't set. Where `CI` is set nothing is skipped, and
 * what asks for the address fails.
 */
export function skipReason(name: Variable): string | false {
  const skip = variable(name) === "" && variable("CI") !== "true";
  return skip ? `${name} is not set` : false;
}

/** The address of a server that tests may use. */
export function testAddress(name: Variable): string {
  const address = variable(name);
  if (address === "") throw new Error(`${name} is not set`);
  return address;
}

function variable(name: Variable | "CI"): string {
  // biome-ignore lint/style/noProcessEnv: tests are configured by their environment
  return process.env[name] ?? "";
}
