// Logs in with code and password, sends and fetches files, reads, searches, edits and deletes. Prints one line for each that worked.
import crypto from 'node:crypto'
import { open } from './telegram.mjs'

const [keyFile, port] = process.argv.slice(2)
const expect = (what, isTrue) => {
  if (!isTrue) throw new Error(`${what} failed`)
  console.log('ok', what)
}

const tg = await open(keyFile, port)
const codes = ['00000', '12345']
const me = await tg.start({ phone: '15550001', code: () => codes.shift(), password: () => 's3cret', invalidCodeCallback: () => console.log('ok wrong code refused') })
expect('login', me.firstName === 'Alice' && codes.length === 0)

for (const size of [1, 300_000, 12_000_000]) {
  const data = crypto.randomBytes(size)
  const message = await tg.sendMedia('me', { type: 'document', file: data, fileName: `f${size}.bin` }, { caption: `file of ${size}` })
  const back = await tg.downloadAsBuffer(message.media)
  expect(`file of ${size}`, Buffer.from(back).equals(data) && message.media.fileName === `f${size}.bin`)
}

const texts = []
for await (const m of tg.iterHistory('me', { limit: 10 })) texts.push(m.text)
expect('history', texts.length === 3 && texts[0] === 'file of 12000000')

const sent = await tg.sendText('me', 'a needle in the hay')
const found = await tg.searchMessages({ chatId: 'me', query: 'needle' })
expect('search', found.length === 1 && found[0].id === sent.id)
const edited = await tg.editMessage({ message: sent, text: 'another text' })
expect('edit', edited.text === 'another text')
await tg.deleteMessagesById('me', [sent.id])
const [gone] = await tg.getMessages('me', [sent.id])
expect('delete', !gone)

let dialogs = 0
for await (const d of tg.iterDialogs({ limit: 50 })) dialogs++
expect('dialogs', dialogs >= 6)
const news = await tg.resolvePeer('news')
expect('username', news._ === 'inputPeerChannel')
let posts = 0
for await (const m of tg.iterHistory('news')) posts++
expect('paged history', posts === 40)
await tg.destroy()

const bot = await open(keyFile, port)
const self = await bot.start({ botToken: '2002:AAA' })
expect('bot', self.isBot)
await bot.destroy()
