export { Digest } from "./events/digest.ts";
export type { EventLog } from "./events/event-log.ts";
export { type VenueState, VenueStateRefused } from "./state/venue-state.ts";
export { Venue, type VenueOptions } from "./venue.ts";
export type { FeeRates, Level, Listing, VenueView } from "./view.ts";
