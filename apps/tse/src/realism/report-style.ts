/** Style of the report: light and dark by the reader's choice, no font or picture from elsewhere. */
export const REPORT_STYLE = `
:root { color-scheme: light dark;
  --page: #fafaf8; --card: #ffffff; --ink: #1d1f23; --soft: #5d636d; --line: #e2e3e0; --grid: #ecece9;
  --simulated: #1f66d1; --other-seed: #8fb4ea; --gbm: #c8620a; --real: #2f8f5b; --normal: #777d87; --range: #2f8f5b40;
  --good: #1c7a46; --good-back: #e3f3e9; --bad: #b3372c; --bad-back: #fae6e3; --some: #8a6100; --some-back: #fbf0d6; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14161a; --card: #1c1f25; --ink: #e8e9ec; --soft: #a2a8b3; --line: #30343c; --grid: #2a2e35;
  --simulated: #6ea6ff; --other-seed: #3f5f92; --gbm: #f0995a; --real: #5fc690; --normal: #8f96a1; --range: #5fc69055;
  --good: #7ad7a3; --good-back: #173425; --bad: #ff9b8f; --bad-back: #40201d; --some: #f0c766; --some-back: #3a2f14; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 40px 0 8px; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 0 0 10px; max-width: 75ch; overflow-wrap: anywhere; }
.soft, figcaption p, footer { color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px; margin: 20px 0; }
.card, .chart { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin: 0; }
.card p { margin: 0; font-size: .9rem; }
.card .value { font-size: 1.65rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25; white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 14px; }
.chart svg { display: block; width: 100%; max-width: 620px; height: auto; margin: 0 auto; }
figcaption p { font-size: .87rem; margin: 2px 0 4px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: .84rem; margin: 0 0 4px; }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.key { width: 16px; height: 0; border-top: 3px solid; border-radius: 2px; }
.key.dots { width: 8px; height: 8px; border: 0; border-radius: 50%; background: currentColor; }
.key.bars { width: 10px; height: 10px; border: 0; background: currentColor; }
.key.normal { border-top: 2px dashed; }
.key.range { width: 14px; height: 12px; border: 0; background: var(--range); }
.key.simulated { color: var(--simulated); } .key.other-seed { color: var(--other-seed); } .key.gbm { color: var(--gbm); }
.key.real { color: var(--real); } .key.normal { color: var(--normal); }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
svg .label { fill: var(--ink); }
svg .grid { stroke: var(--grid); } svg .axis, svg .mark { stroke: var(--soft); } svg .rail { stroke: var(--line); }
svg polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
svg polyline.simulated, svg path.simulated { stroke: var(--simulated); } svg polyline.other-seed { stroke: var(--other-seed); stroke-width: 1.3; }
svg polyline.gbm { stroke: var(--gbm); stroke-width: 1.5; } svg polyline.real { stroke: var(--real); }
svg polyline.normal { stroke: var(--normal); stroke-dasharray: 5 4; stroke-width: 1.4; }
svg circle.simulated { fill: var(--simulated); } svg circle.gbm { fill: var(--gbm); } svg circle.real { fill: var(--real); }
svg line.range { stroke: var(--range); stroke-width: 9; } svg rect.range { fill: var(--range); }
.wide { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { padding: 4px 10px; text-align: left; font-weight: 400; white-space: nowrap; border-top: 1px solid var(--line); }
tbody th { white-space: normal; min-width: 170px; }
thead th { border-top: 0; color: var(--soft); font-size: .82rem; vertical-align: bottom; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
.beside { color: var(--soft); }
.bar { display: block; }
.chip { display: inline-block; padding: 0 8px; border-radius: 9px; font-size: .82rem; }
.chip.good { color: var(--good); background: var(--good-back); } .chip.bad { color: var(--bad); background: var(--bad-back); }
.chip.some { color: var(--some); background: var(--some-back); } .chip.none { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
details > summary { cursor: pointer; margin: 14px 0 8px; font-weight: 600; }
footer { margin-top: 40px; font-size: .87rem; border-top: 1px solid var(--line); padding-top: 12px; }
@media (max-width: 560px) { main { padding: 18px 12px 40px; } h1 { font-size: 1.35rem; } .card, .chart { padding: 12px 10px; } svg text { font-size: 14px; }
  th, td { padding: 4px 7px; } tbody th { min-width: 130px; } .place { display: none; } }
@media print { .chart, .card { break-inside: avoid; } }
`;
