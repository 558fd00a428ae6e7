export function report(label: string, unused: number): string { // breaks noUnusedFunctionParameters
  const forgotten = label; // breaks noUnusedVariables
  console.log(label); // breaks noConsole
  return process.env.HOME ?? label; // breaks noProcessEnv
}
