export function read(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (cause) {
    throw new Error(`cannot parse: ${cause}`); // breaks useErrorCause
  }
}

export function refuse(): never {
  throw "a text has no stack"; // breaks useThrowOnlyError
}
