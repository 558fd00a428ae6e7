/** What was asked for can't be done as things are. The message says why, and what to do. */
export class Refused extends Error {
  override name = "Refused";
}
