/** Whether a text matches a glob pattern as Redis reads it: `*`, `?`, `[a-c]`, `[^a]`, `\` before any. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const source = [...pattern.matchAll(TOKEN)].map(([token]) => sourceOf(token)).join("");
  const expression = new RegExp(`^${source}$`, "su");
  return (text) => expression.test(text);
}

/** The text as a pattern that matches it alone. */
export function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, "\\$&");
}

const TOKEN = /\\.|\[\^?(?:\\.|[^\]\\])*\]|./gsu;

function sourceOf(token: string): string {
  if (token === "*") return ".*";
  if (token === "?") return ".";
  if (token.length > 1 && token.startsWith("[")) return classOf(token);
  return RegExp.escape(token.length > 1 ? token.slice(1) : token);
}

function classOf(token: string): string {
  const negated = token.startsWith("[^");
  const members = token.slice(negated ? 2 : 1, -1);
  const source = [...members.matchAll(MEMBER)].map(([member]) => memberOf(member)).join("");
  if (source === "") return negated ? "." : "(?!)";
  return `[${negated ? "^" : ""}${source}]`;
}

const MEMBER = /\\.|.-.|./gsu;

function memberOf(member: string): string {
  if (member.startsWith("\\")) return RegExp.escape(member.slice(1));
  const [first, dash, last] = [...member];
  if (dash === undefined || last === undefined) return RegExp.escape(member);
  const [low, high] = first! <= last ? [first!, last] : [last, first!];
  return `${RegExp.escape(low)}-${RegExp.escape(high)}`;
}
