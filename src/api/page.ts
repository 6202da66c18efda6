/**
 * The plain page at `/`: peers and executions, asked for again every two seconds. No framework, and no markup is ever made
 * of data: text goes into `textContent` only.
 */
import { createHash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600; color: #888 }
td:first-child, .id { font-family: ui-monospace, monospace }
.completed, .alive { color: #2a8a3e } .faulted, .dead { color: #c33 } .waiting, .suspect { color: #b70 }
#note { color: #888 }`

const SCRIPT = `
const token = () => sessionStorage.getItem('token')
async function ask (path) {
  const headers = token() ? { authorization: 'Bearer ' + token() } : {}
  const response = await fetch(path, { headers })
  if (response.status === 401) {
    const given = prompt('Token of this API (api.json in the state directory of the peer)')
    if (given) { sessionStorage.setItem('token', given); return ask(path) }
  }
  const body = await response.json()
  if (!response.ok) throw new Error(body.detail)
  return body
}
function fill (id, rows, cells) {
  const body = document.getElementById(id)
  body.replaceChildren(...rows.map(row => {
    const line = document.createElement('tr')
    line.append(...cells(row).map(value => {
      const cell = document.createElement('td')
      cell.textContent = value ?? ''
      if (/^[a-z]+$/.test(value)) cell.className = value
      return cell
    }))
    return line
  }))
}
const took = e => e.endedAt ? (Date.parse(e.endedAt) - Date.parse(e.startedAt)) + ' ms' : ''
async function refresh () {
  const note = document.getElementById('note')
  try {
    const [peers, page, control] = await Promise.all([ask('/v1/peers'), ask('/v1/executions?limit=50'), ask('/v1/control')])
    const nameOf = id => peers.find(p => p.peer === id)?.name || id
    fill('peers', peers, p => [p.name || p.peer, p.status, p.tier, p.region, p.peer === control.leader ? 'leader' : p.controller ? 'controller' : '',
      p.load == null ? '' : Math.round(p.load * 100) + ' %', p.rttMs == null ? '' : p.rttMs.toFixed(1) + ' ms', p.peer])
    fill('executions', page.executions, e => [e.id, e.workflow + ':' + e.version, e.status, e.final ? 'final' : '', took(e),
      e.set.replicas.map(nameOf).join(', ')])
    note.textContent = page.answered + ' of ' + page.peers + ' peers answered · ' + (control.quorum ? 'control plane has its quorum' : 'control plane has no quorum') +
      ' · ' + new Date().toLocaleTimeString()
  } catch (err) {
    note.textContent = 'no answer: ' + err.message
  }
  setTimeout(refresh, 2000)
}
refresh()`

export const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>FlowMesh</title><style>${STYLE}</style></head>
<body>
<h1>FlowMesh</h1>
<div id="note" role="status">…</div>
<h2>Peers</h2>
<table><thead><tr><th>name<th>status<th>tier<th>region<th>control<th>load<th>round trip<th>peer</tr></thead><tbody id="peers"></tbody></table>
<h2>Executions</h2>
<table><thead><tr><th>id<th>workflow<th>status<th>final<th>took<th>kept by</tr></thead><tbody id="executions"></tbody></table>
<script>${SCRIPT}</script>
</body>
</html>
`

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but this page's own script and style runs in it. */
export const PAGE_POLICY = `default-src 'none'; connect-src 'self'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
