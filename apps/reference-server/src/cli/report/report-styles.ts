/** The styles of a report: light and dark by the reader's choice, and readable on paper. */
export const REPORT_STYLES = `
:root { color-scheme: light dark; --page: #fbfbf8; --card: #fff; --ink: #1d2420; --soft: #5c6660; --line: #dfe3dd;
  --grid: #eceee9; --s0: #1f6f4a; --s1: #b4591b; --s2: #3b62b0; --s3: #8a4fa0; --s4: #a38a12; --s5: #2a8f96; --s6: #b03a5b;
  --s7: #6b7280; --good: #1f6f4a; --bad: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --page: #141816; --card: #1b201d; --ink: #e8ece8; --soft: #9aa69f;
  --line: #333b36; --grid: #262d29; --s0: #5fc795; --s1: #e59a5f; --s2: #8aabf0; --s3: #c895db; --s4: #d9c04f;
  --s5: #66c9d0; --s6: #ee8aa6; --s7: #9aa3af; --good: #5fc795; --bad: #f08a8a; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 32px clamp(16px, 4vw, 48px) 64px; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; }
h2 { font-size: 18px; margin: 36px 0 4px; }
p { margin: 4px 0 12px; color: var(--soft); max-width: 75ch; }
.facts { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 18px 0 0; padding: 14px 18px; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; }
.facts div { min-width: 96px; } .facts dt { font-size: 12px; color: var(--soft); }
.facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 20px; }
figure { margin: 12px 0 0; padding: 14px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
figcaption { font-weight: 600; margin-bottom: 6px; } figcaption small { display: block; font-weight: 400; color: var(--soft); }
svg { display: block; width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
svg .value { fill: var(--ink); } svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--line); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 8px; font-size: 12px; color: var(--soft); }
.legend i { display: inline-block; width: 18px; height: 3px; margin-right: 6px; vertical-align: middle; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; }
th, td { text-align: left; padding: 7px 12px; border-bottom: 1px solid var(--grid); vertical-align: top; }
th { font-size: 12px; color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .soft { color: var(--soft); }
details { margin: 10px 0; padding: 10px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
summary { cursor: pointer; font-weight: 600; } details ol, details ul { margin: 8px 0; padding-left: 22px; }
details li { margin: 4px 0; } code { font-size: 13px; overflow-wrap: anywhere; }
@media print { details { break-inside: avoid; } body { padding: 0; } }
`;
