"""The look of the report: the paper, ink and colours of the program, light and dark, and on paper."""

STYLE = """
:root{--paper:#f6f5f2;--page:#fffefb;--ink:#1f2328;--muted:#5f636a;--line:#dcd9d2;
--confirmed:#2f7d4f;--undecided:#c9c4b8;--rejected:#b5523b;--bar:#2457c5}
@media (prefers-color-scheme:dark){:root{--paper:#1b1d20;--page:#222529;--ink:#e6e4df;--muted:#a2a5aa;--line:#3a3d42;
--confirmed:#5fb883;--undecided:#55585e;--rejected:#e0876f;--bar:#7fa3f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",sans-serif}
main{max-width:960px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:28px;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:18px;margin:0 0 12px}h3{font-size:14px;margin:20px 0 8px}
header p,small,footer,.empty,cite{color:var(--muted)}header p{margin:6px 0 24px}small{font-size:12px;font-weight:400}
section{background:var(--page);border:1px solid var(--line);border-radius:10px;padding:20px 24px;margin:0 0 16px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:16px}
.tiles b{font-size:26px;font-variant-numeric:tabular-nums}.tiles small{display:block}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:6px 12px 6px 0;text-align:left;font-weight:400;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;color:var(--muted);font-size:12px}
td:nth-last-child(-n+3):not(:has(.parts)),thead th:nth-last-child(-n+3):not(.wide){text-align:right;white-space:nowrap}
.wide{width:34%}
.parts{display:flex;gap:2px;height:10px;min-width:90px}.parts span{border-radius:2px;min-width:2px}
.confirmed{background:var(--confirmed)}.undecided{background:var(--undecided)}.rejected{background:var(--rejected)}
.key{display:inline-block;width:9px;height:9px;border-radius:2px}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:8px 32px}
.columns h3{margin-top:0}
.ranked{list-style:none;margin:0;padding:0}
.ranked li{display:flex;align-items:center;gap:8px;padding:2px 0;font-variant-numeric:tabular-nums}
.ranked .name{flex:0 0 42%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.ranked .bar{height:10px;background:var(--bar);border-radius:2px;min-width:2px}
.scroll{overflow-x:auto}.months{display:block;height:116px}.months rect{fill:var(--bar)}
.months text{fill:var(--muted);font-size:11px}
section p{margin:0 0 8px}
blockquote{margin:0 0 10px;padding:2px 0 2px 14px;border-left:3px solid var(--line);overflow-wrap:anywhere}
cite{display:block;font-style:normal;font-size:13px}cite b{font-weight:600;color:var(--ink)}
footer{font-size:13px;padding:8px 4px}
@media print{body{background:none}main{padding:0;max-width:none}section{break-inside:avoid;border-color:#ccc}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""
