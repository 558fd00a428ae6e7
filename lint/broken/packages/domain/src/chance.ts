export const drawn = Math.random(); // breaks plugin
export const source = Math.random; // breaks plugin
const { random, floor } = Math; // breaks plugin
const alias = Math; // breaks plugin
export const all = [random(), floor(1.5), alias.random(), Math.floor(1.5)];
