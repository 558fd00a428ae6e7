import { refusalsWith } from "@tse/service-kit/schema";

/** The answers of a route that aren't success, for its description. */
export const refusals = refusalsWith({
  400: "A field is malformed: `errors` names it and the rule.",
  401: "No valid key.",
  403: "The key's scopes don't allow it, or sign-up is closed.",
  404: "There is no such thing, or it is not the key's to see.",
  409: "It contradicts what is already there.",
  422: "Well-formed, and refused by the venue.",
  429: "Too many requests; `Retry-After` says when to come back.",
  503: "What is asked for is older than memory, and storage can't be read now; try again.",
});
