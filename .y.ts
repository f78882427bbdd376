import { readFileSync } from 'node:fs'
import { loadContent } from './src/content/load.ts'
import { Lexicon } from './src/facts/reading/lexicon.ts'
const content = loadContent('/work/rules')
const lex = new Lexicon(content)
const lines = readFileSync('/work/shared/terminology/icd10cm.csv','utf8').split('\n').slice(1)
const want = new Set(process.argv.slice(2))
const missed = new Map<string,string[]>(); let ok=0
for (const l of lines) {
  const m = /^([^,]*),([^,]*),("(?:[^"]|"")*"|[^,]*),/.exec(l); if (!m) continue
  const [_, code, type, d0] = m; if (type !== 'billable') continue
  const desc = d0!.replace(/^"|"$/g,'')
  const rows = content.codes.lookup({ system: 'http://hl7.org/fhir/sid/icd-10-cm', code })
  const sets = rows.filter(r => want.has(r.set) || want.has(r.key))
  if (sets.length === 0) continue
  const s = lex.read(desc); const keys = new Set([...s.affirmed,...s.past,...s.suspected].map(r=>r.set))
  for (const r of sets) if (keys.has(r.set)) ok++; else { const k=r.key; missed.set(k,[...(missed.get(k)??[]), desc]) }
}
console.log('ok',ok)
for (const [k,v] of missed) console.log(k, v.length, [...new Set(v.map(x=>x.replace(/, (initial|subsequent|sequela).*/,'')))].slice(0,12).join(' || ').slice(0,1200))
