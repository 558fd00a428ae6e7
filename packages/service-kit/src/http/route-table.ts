interface Pattern {
  readonly expression: RegExp;
  readonly methods: Set<string>;
}

/** Which methods each path knows: told by every route, asked only when no route fits a request. */
export class RouteTable {
  readonly #patterns = new Map<string, Pattern>();

  /** @param url a route's pattern: `/orders/:id`, `/files/*` */
  add(url: string, methods: string | readonly string[]): void {
    let pattern = this.#patterns.get(url);
    if (pattern === undefined) {
      pattern = { expression: toExpression(url), methods: new Set() };
      this.#patterns.set(url, pattern);
    }
    for (const method of [methods].flat()) pattern.methods.add(method);
  }

  /** The methods that `path` knows, in order of the alphabet; none when no route has it. */
  methodsOf(path: string): string[] {
    const methods = new Set<string>();
    for (const pattern of this.#patterns.values()) {
      if (!pattern.expression.test(path)) continue;
      for (const method of pattern.methods) methods.add(method);
    }
    return [...methods].sort();
  }
}

function toExpression(url: string): RegExp {
  const segments = url.split("/").map((segment) => {
    if (segment.startsWith(":")) return "[^/]+";
    return segment.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  });
  return new RegExp(`^${segments.join("/")}$`);
}
