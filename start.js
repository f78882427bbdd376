// Before any command of the project: a word to an old Node, and help for who asks. Plain JavaScript, because an old Node
// cannot read the rest. As `node .` it starts the service; npm's scripts load it first (`node --import ./start.js …`).
import { readFileSync } from 'node:fs'
import { argv, exit, versions } from 'node:process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

if (Number(versions.node.split('.')[0]) < 24) {
  console.error(
    `Lumbar runs on Node 24, and this is Node ${versions.node}. Run npm ci and then npm start, which brings its own.`,
  )
  exit(1)
}

const [, main = '', ...words] = argv
const folder = fileURLToPath(new URL('.', import.meta.url))
const isService = main === import.meta.filename || main === folder.slice(0, -1)
if ((isService || /\.ts$/.test(main)) && words.some((word) => word === '--help' || word === '-h')) {
  console.log(helpOf(isService ? `${folder}src/server.ts` : main))
  exit(0)
}
if (isService) {
  // As `src/young.ts`, which the modules that are loaded now would come before.
  setFlagsFromString('--semi-space-growth-factor=1')
  await import('./src/module-cache.js')
  const server = await import('./src/server.ts')
  await server.orSay(server.main())
}

/** What a file says of itself at its top, how it is used, and the options that it reads. */
function helpOf(file) {
  const text = readFileSync(file, 'utf8')
  const said = /\/\*\*(.*?)\*\//s.exec(text)?.[1] ?? ''
  const options = [...text.matchAll(/^ *'?([a-z][a-z-]*)'?: \{ type: '(string|boolean)'/gm)].map(
    ([, name, type]) => `  --${name}${type === 'string' ? ' <value>' : ''}`,
  )
  const usage = /^const usage = `([^`]*)`/m.exec(text)?.[1]
  return [
    said.replace(/^\s*\* ?/gm, '').trim(),
    ...(usage === undefined ? [] : ['', usage]),
    ...(options.length > 0 ? ['', 'Options', ...options] : []),
    '  --help',
  ].join('\n')
}
