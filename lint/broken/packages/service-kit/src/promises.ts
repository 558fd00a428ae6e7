async function work(): Promise<boolean> {
  return await Promise.resolve(true);
}

export function start(): void {
  work(); // breaks noFloatingPromises
  if (work()) return; // breaks noMisusedPromises
}
