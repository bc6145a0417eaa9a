import { DARK, declarations, LIGHT } from "./colours.ts";

const SANS = `system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif`;
const SERIF = `"Iowan Old Style","Palatino Linotype","Source Serif 4",Palatino,"P052",Georgia,"Liberation Serif",serif`;

const THEMES = `
:root{color-scheme:light;${declarations(LIGHT)}}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;${declarations(DARK)}}}
:root[data-theme=light]{color-scheme:light;${declarations(LIGHT)}}
:root[data-theme=dark]{color-scheme:dark;${declarations(DARK)}}
`;

const TEXT = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 ${SANS}}
h1,h2,h3,p,dl,dd,figure,ul,ol{margin:0;padding:0}
h1{font:600 2.35rem/1.15 ${SERIF};letter-spacing:-.012em;text-wrap:balance}
h2{font:600 1.5rem/1.25 ${SERIF};letter-spacing:-.006em;margin-bottom:.75rem}
h3{font:600 1rem/1.4 ${SANS};margin:1.75rem 0 .5rem}
p{max-width:68ch;overflow-wrap:anywhere}
p+p{margin-top:.6rem}
a{color:var(--accent);text-underline-offset:.18em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
.muted{color:var(--muted)}
.lead p{font:1.3rem/1.5 ${SERIF};max-width:60ch}
.lead p+p{margin-top:.35rem}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--surface);padding:.5rem .9rem;z-index:9}
.skip:focus{top:1rem}
`;

const LAYOUT = `
header,nav,main,footer{width:min(100% - 2.5rem,1040px);margin-inline:auto}
header{display:flex;align-items:flex-start;justify-content:space-between;gap:1.5rem;padding-top:3.25rem}
header div{min-width:0}
header h1{overflow-wrap:anywhere}
header p{color:var(--muted);margin-top:.6rem}
header button{flex:none;font:500 .875rem/1 ${SANS};color:var(--muted);background:none;border:1px solid var(--rule);
border-radius:99px;padding:.55rem .9rem;cursor:pointer}
header button:hover{color:var(--ink);border-color:var(--muted)}
nav{margin-top:1.6rem;padding:.7rem 0;border-block:1px solid var(--rule)}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.35rem;list-style:none}
nav a{color:var(--muted);text-decoration:none;font-size:.9rem}
nav a:hover{color:var(--ink);text-decoration:underline}
section{padding-top:3.25rem;scroll-margin-top:0}
nav+main section:first-child{padding-top:2.4rem}
section>p+figure,section>p+.grid,section>p+.table,section>ul{margin-top:1.4rem}
.lead+figure{margin-top:2rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:2rem 1rem}
.whole+.table,.table+.whole,.grid+.table,.whole+dl{margin-top:1.8rem}
footer{margin-top:4rem;padding:1.2rem 0 3rem;border-top:1px solid var(--rule);color:var(--muted);font-size:.875rem}
`;

const FIGURES = `
figure{min-width:0}
figcaption{color:var(--muted);font-size:.875rem;line-height:1.5;max-width:76ch;margin-top:.35rem;overflow-wrap:anywhere}
figcaption strong{color:var(--ink);font-weight:600}
.plot{position:relative;color:var(--muted);border-radius:4px}
.plot>svg{display:block;width:100%;height:auto;overflow:visible;font:11px ${SANS};font-variant-numeric:tabular-nums}
.plot text{white-space:pre}
.small{max-width:430px}
.narrow{display:none}
#uncertainty .ellipses{stroke-opacity:.45}
.ring{fill:none;stroke:var(--ink);stroke-width:1.8;pointer-events:none}
.tip{position:absolute;z-index:5;pointer-events:none;background:var(--surface);color:var(--ink);border:1px solid var(--rule);
box-shadow:0 4px 18px rgb(0 0 0/.14);border-radius:6px;padding:.5rem .7rem;font-size:.8125rem;line-height:1.45;
max-width:min(20rem,calc(100vw - 2rem));overflow-wrap:anywhere;white-space:pre-line;font-variant-numeric:tabular-nums}
.tip[hidden]{display:none}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;font-size:.875rem}
section>.legend{margin:1.2rem 0 1rem}
.legend svg{width:28px;height:12px;margin-right:.45rem;vertical-align:-1px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;

const TABLES = `
.table{overflow-x:auto;border-block:1px solid var(--rule)}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding:.7rem 0 .5rem;caption-side:top}
caption span{display:block;position:sticky;left:0;max-width:min(76ch,calc(100vw - 2.5rem));overflow-wrap:anywhere}
th,td{padding:.5rem 0 .5rem 1.6rem;text-align:right;white-space:nowrap;vertical-align:baseline}
th:first-child,td:first-child{padding-left:0;text-align:left}
thead th{font-weight:600;border-bottom:1px solid var(--rule);vertical-align:bottom}
thead small{display:block;color:var(--muted);font-weight:400;font-size:.8125rem}
tbody th{font-weight:400}
tbody tr+tr>*{border-top:1px solid var(--rule)}
td .sd{color:var(--muted)}
.lowest{font-weight:700}
thead tr+tr th:first-child{text-align:right}
thead th[colspan]{text-align:center}
.first:is(th,td){padding-left:3.2rem}
.number{display:inline-block;min-width:1.65rem;padding:.1rem .4rem;border:2px solid;border-radius:99px;text-align:center;
font-weight:600;font-size:.8125rem;line-height:1.2;background:var(--surface)}
.number span{color:var(--ink)}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.4rem 1.6rem;font-size:.9375rem}
dt{color:var(--muted)}
dd{overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.notice{background:var(--notice);border-left:3px solid var(--notice-rule);padding:1rem 1.25rem;border-radius:0 4px 4px 0}
.notice ul{list-style:none}.reading{padding-left:1.15rem}
.notice li,.reading li{overflow-wrap:anywhere;max-width:68ch}
.notice li+li,.reading li+li{margin-top:.35rem}
`;

const NARROW = `
@media (max-width:700px){
.wide{display:none}.narrow{display:block}
header{padding-top:1.8rem;gap:1rem}h1{font-size:1.75rem}h2{font-size:1.3rem}.lead p{font-size:1.125rem}
header,nav,main,footer{width:calc(100% - 2rem)}section{padding-top:2.5rem}
dl{grid-template-columns:minmax(5.5rem,max-content) 1fr;column-gap:1rem}th,td{padding-left:1.1rem}}
`;

const PRINT = `
@media print{
:root,:root[data-theme]{color-scheme:light;${declarations({ ...LIGHT, page: "#ffffff" })}}
body{font-size:10.5pt}header button,nav,.skip,.tip{display:none!important}header{padding-top:0}
section{padding-top:1.6rem}h2,h3{break-after:avoid}figure,tr,.notice{break-inside:avoid}
.wide{display:block}.narrow{display:none}.grid{grid-template-columns:repeat(3,1fr)}.table{overflow:visible}table{font-size:8.5pt}th,td{padding-left:.9rem}.first:is(th,td){padding-left:1.5rem}
a{color:inherit;text-decoration:none}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`;

/** The page's style sheet. */
export function styleSheet(): string {
  const colours = Array.from({ length: 8 }, (_, i) => `.g${i}{border-color:var(--group-${i})}`).join("");
  return [THEMES, TEXT, LAYOUT, FIGURES, TABLES, colours, NARROW, PRINT].join("");
}
