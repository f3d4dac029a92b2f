/** The page's style sheet; light and dark by what the reader's system prefers. */
export const style = `
:root { color-scheme: light dark; --ok: #2a7d3f; --changed: #b07a00; --failed: #c62828; --skipped: #6b7280; --unknown: #7b3fb5;
  --line: #8884; --bg: #fff; --fg: #1c1c1e; --soft: #f4f4f6; }
@media (prefers-color-scheme: dark) { :root { --ok: #58c77a; --changed: #e2b04a; --failed: #ff6b6b; --skipped: #9aa0aa;
  --unknown: #c79bf2; --bg: #16171a; --fg: #e8e8ea; --soft: #212329; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; background: var(--bg); color: var(--fg); }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3, h4 { font-size: 1rem; font-weight: 500; margin: .6rem 0 .2rem; }
table { border-collapse: collapse; } th, td { text-align: right; padding: .15rem .7rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
pre { background: var(--soft); padding: .6rem; overflow-x: auto; border-radius: 4px; margin: .3rem 0; font-size: 13px; }
details { border-bottom: 1px solid var(--line); padding: .25rem 0; } summary { cursor: pointer; }
.host { margin-left: 1.2rem; } .place { color: var(--skipped); font-size: .85em; } b { font-weight: 600; }
.ok { color: var(--ok); fill: var(--ok); } .changed, .would-change { color: var(--changed); fill: var(--changed); }
.failed, .would-fail, .unreachable { color: var(--failed); fill: var(--failed); } .skipped { color: var(--skipped); }
.unknown { color: var(--unknown); fill: var(--unknown); } .added { color: var(--ok); } .removed { color: var(--failed); }
.timeline { display: flex; gap: .8rem; } .names { padding-top: 24px; } .names div { height: 22px; line-height: 22px; white-space: nowrap; }
svg { flex: 1; min-width: 0; } .tick { stroke: var(--line); } .barrier { stroke: var(--fg); stroke-dasharray: 3 3; }
.time { fill: var(--skipped); font-size: 12px; }
`;
