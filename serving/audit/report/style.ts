/** Of a page on paper, A4, and on a screen. */
export const style = `
@page { size: A4; margin: 16mm 14mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.45 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC',
  'Microsoft YaHei', sans-serif; color: #1b1f24; max-width: 182mm; margin: 0 auto; padding: 8mm 0; }
@media print { body { padding: 0; max-width: none; } }
h1 { font-size: 18pt; margin: 0 0 4mm; }
h2 { font-size: 12.5pt; margin: 7mm 0 2mm; padding-bottom: 1mm; border-bottom: .4mm solid #1b1f24; break-after: avoid; }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; break-after: avoid; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 1mm 2.5mm 1mm 0; border-bottom: .2mm solid #d5d9de; }
thead th { font-size: 9pt; color: #555d66; white-space: nowrap; }
tr { break-inside: avoid; }
.facts th { width: 62mm; font-weight: 500; color: #555d66; }
td:first-child > code { white-space: nowrap; }
.count { text-align: right; font-variant-numeric: tabular-nums; }
td ul { margin: 0; padding: 0; list-style: none; }
ul { margin: 1mm 0; padding-left: 4mm; }
dt { margin-top: 2mm; font-weight: 600; }
dd { margin: 0 0 0 4mm; }
code, pre { font-family: ui-monospace, 'SF Mono', Consolas, 'DejaVu Sans Mono', monospace; font-size: 8pt; }
code { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f5f7; padding: 2mm; margin: 1mm 0; }
.note { border-left: 1mm solid #9a6700; padding: 1mm 3mm; background: #fff8e6; }
footer { margin-top: 8mm; font-size: 8.5pt; color: #555d66; }
`
