export const reached = [
  Date, // breaks noRestrictedGlobals
  performance, // breaks noRestrictedGlobals
  Temporal, // breaks noRestrictedGlobals
  setTimeout, // breaks noRestrictedGlobals
  setInterval, // breaks noRestrictedGlobals
  setImmediate, // breaks noRestrictedGlobals
  clearTimeout, // breaks noRestrictedGlobals
  clearInterval, // breaks noRestrictedGlobals
  clearImmediate, // breaks noRestrictedGlobals
  queueMicrotask, // breaks noRestrictedGlobals
  crypto, // breaks noRestrictedGlobals
  fetch, // breaks noRestrictedGlobals
  WebSocket, // breaks noRestrictedGlobals
  EventSource, // breaks noRestrictedGlobals
  BroadcastChannel, // breaks noRestrictedGlobals
  process, // breaks noRestrictedGlobals
  Buffer, // breaks noRestrictedGlobals
  require, // breaks noRestrictedGlobals
  Intl, // breaks noRestrictedGlobals
  WeakRef, // breaks noRestrictedGlobals
  FinalizationRegistry, // breaks noRestrictedGlobals
  globalThis, // breaks noRestrictedGlobals
  global, // breaks noRestrictedGlobals
];

export type Moment = Date; // breaks noRestrictedGlobals
