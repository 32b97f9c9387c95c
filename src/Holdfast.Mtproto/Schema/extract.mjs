// Writes api.tl and mtproto.tl from the schema that npm's @mtcute/core carries (MIT):
//   node extract.mjs node_modules/@mtcute/core/tl
// Only methods.txt and what those methods reach is taken. Run it again for a newer layer.
import fs from 'node:fs'
import path from 'node:path'
const here = path.dirname(new URL(import.meta.url).pathname)
const from = process.argv[2]
const api = JSON.parse(fs.readFileSync(path.join(from, 'api-schema.json'), 'utf8'))
const mtp = JSON.parse(fs.readFileSync(path.join(from, 'mtp-schema.json'), 'utf8'))
const wanted = fs.readFileSync(path.join(here, 'methods.txt'), 'utf8').split('\n').map(l => l.trim()).filter(l => l && !l.startsWith('#'))
const methods = wanted.map(n => api.e.find(e => e.kind === 'method' && e.name === n) ?? (() => { throw new Error('no method ' + n) })())
const plain = new Set(['#', 'int', 'long', 'int53', 'double', 'string', 'bytes', 'true', 'Bool', 'int128', 'int256'])
const seen = new Set()
const queue = [...methods.flatMap(m => [m.type, ...m.arguments.map(a => a.type)]), 'Updates', 'JSONValue', 'InputClientProxy']
while (queue.length > 0) {
  const type = queue.pop()
  if (plain.has(type) || seen.has(type)) continue
  seen.add(type)
  const constructors = api.e.filter(e => e.kind === 'class' && e.type === type)
  if (constructors.length === 0) throw new Error('no constructors of ' + type)
  for (const c of constructors) for (const a of c.arguments) queue.push(a.type)
}
const argument = a => {
  const m = a.typeModifiers ?? {}
  let type = (a.type === 'int53' ? 'long' : a.type).replace(/^mt_/, '')
  if (m.isBareType) type = '%' + type
  if (m.isVector) type = `Vector<${type}>`
  if (m.isBareVector) type = `vector<${type}>`
  if (m.predicate) type = `${m.predicate}?${type}`
  return `${a.name}:${type}`
}
const result = e => {
  const m = e.typeModifiers ?? {}
  const type = e.type === 'int53' ? 'long' : e.type
  return m.isVector ? `Vector<${type}>` : type
}
const line = e => [`${e.name.replace(/^mt_/, '')}#${e.id.toString(16)}`, ...e.arguments.map(argument), '=', result(e)].join(' ') + ';'
const write = (file, title, classes, functions) => fs.writeFileSync(path.join(here, file),
  [`// ${title}`, '// Made by extract.mjs from the schema in @mtcute/core (MIT).', '', ...classes.map(line), '', '---functions---', '', ...functions.map(line), ''].join('\n'))
const byType = (a, b) => a.type < b.type ? -1 : a.type > b.type ? 1 : 0
write('api.tl', `Telegram API, layer ${api.l}: the methods in methods.txt and every type they reach.`,
  api.e.filter(e => e.kind === 'class' && seen.has(e.type)).sort(byType), methods)
const isFunction = e => ['req_', 'set_client', 'rpc_drop_answer', 'get_future', 'ping', 'destroy_session', 'destroy_auth_key'].some(p => e.name.startsWith('mt_' + p)) && !/_(ok|none|fail)$/.test(e.name) && e.name !== 'mt_rpc_answer'
const mtpAll = (mtp.e ?? mtp)
write('mtproto.tl', 'MTProto service messages (https://core.telegram.org/schema/mtproto).', mtpAll.filter(e => !isFunction(e)), mtpAll.filter(isFunction))
