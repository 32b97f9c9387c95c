// An mtcute client for the test server: node … KEY.pem PORT
import fs from 'node:fs'
import { MemoryStorage, TelegramClient } from '@mtcute/node'
import { NodeCryptoProvider } from './node_modules/@mtcute/node/utils/crypto.js'
import { addPublicKey } from '@mtcute/core/utils.js'

export async function open(keyFile, port) {
  const crypto = new NodeCryptoProvider()
  await crypto.initialize?.()
  addPublicKey(crypto, fs.readFileSync(keyFile, 'utf8'))
  const dc = { ipAddress: '127.0.0.1', port: Number(port), id: 2 }
  return new TelegramClient({
    apiId: 1,
    apiHash: '0123456789abcdef0123456789abcdef',
    storage: new MemoryStorage(),
    defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
    logLevel: 1,
    updates: false,
    crypto,
  })
}
