/** An operator's own scenario: bitcoin's neighbour falls by a tenth in ten minutes. */
export const CRASH = `format: 1
name: my_crash
kind: crash
title: Mine
duration: 1h
release: 1m
effects:
  - { on: price, assets: [ETH], path: move, change: -10 %, over: 10m, shape: linear }
`;
