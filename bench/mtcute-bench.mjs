// The same transfer by mtcute: node mtcute-bench.mjs KEY.pem PORT MEGABYTES
import { open } from './telegram.mjs'

const [keyFile, port, megabytes] = process.argv.slice(2)
const size = Number(megabytes) * 1024 * 1024
const tg = await open(keyFile, port)
await tg.start({ phone: '15550001', code: () => '12345', password: () => 's3cret' })

const block = new Uint8Array(1 << 20).map((_, i) => (i * 2654435761) >>> 13)
let left = size
const source = new ReadableStream({
  pull(controller) {
    if (left === 0) return controller.close()
    const piece = block.subarray(0, Math.min(block.length, left))
    left -= piece.length
    controller.enqueue(piece)
  },
}, { highWaterMark: 4 })
let begin = performance.now()
const message = await tg.sendMedia('me', { type: 'document', file: source, fileName: 'f.bin', fileSize: size })
const up = size / 1e3 / (performance.now() - begin)
begin = performance.now()
let received = 0
for await (const chunk of tg.downloadAsIterable(message.media)) received += chunk.length
const down = received / 1e3 / (performance.now() - begin)
if (received !== size) throw new Error('short')
const cpu = process.cpuUsage()
const text = n => n.toFixed(n < 100 ? 1 : 0)
console.log('mtcute, no limits'.padEnd(44), text(up).padStart(10), text(down).padStart(10), ((cpu.user + cpu.system) / 1e6).toFixed(1).padStart(8), (process.resourceUsage().maxRSS / 1024).toFixed(0).padStart(8))
await tg.destroy()
