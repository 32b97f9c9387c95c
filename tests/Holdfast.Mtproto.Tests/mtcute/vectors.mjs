// Writes known answers of mtcute's cryptography: node vectors.mjs > ../Vectors/mtcute.json
// Randomness is a counter hashed with SHA-256, so that another client can be given the same.
import fs from 'node:fs'
import nodeCrypto from 'node:crypto'
import Long from 'long'
import { NodeCryptoProvider } from './node_modules/@mtcute/node/utils/crypto.js'
import { computePasswordHash, computeSrpParams, generateKeyAndIvFromNonce, parsePublicKey } from '@mtcute/core/utils.js'
import { AuthKey } from './node_modules/@mtcute/core/network/auth-key.js'

// rsaPad is not exported: a copy of its module that exports it stands beside it.
const folder = new URL('./node_modules/@mtcute/core/network/', import.meta.url)
fs.writeFileSync(new URL('authorization-open.js', folder), fs.readFileSync(new URL('authorization.js', folder), 'utf8') + '\nexport { rsaPad }\n')
const { rsaPad } = await import(new URL('authorization-open.js', folder))

let counter = 0
const stream = n => {
  let out = Buffer.alloc(0)
  while (out.length < n) out = Buffer.concat([out, nodeCrypto.createHash('sha256').update(`random ${counter++}`).digest()])
  return new Uint8Array(out.subarray(0, n))
}
const hex = b => Buffer.from(b).toString('hex')
const provider = new NodeCryptoProvider()
await provider.initialize?.()
provider.randomBytes = stream
provider.randomFill = b => b.set(stream(b.length))

const ige = [16, 48, 1024].map(length => {
  const [key, iv, plain] = [stream(32), stream(32), stream(length)]
  return { key: hex(key), iv: hex(iv), plain: hex(plain), cipher: hex(provider.createAesIge(key, iv).encrypt(plain)) }
})

const authKeyBytes = stream(256)
const authKey = new AuthKey(provider, { verbose() {} }, {})
authKey.setup(authKeyBytes)
const body = stream(64)
const message = new Uint8Array(16 + body.length)
const view = new DataView(message.buffer)
view.setBigInt64(0, 0x5f5e0ff400000004n, true)
view.setInt32(8, 7, true)
view.setInt32(12, body.length, true)
message.set(body, 16)
const packet = authKey.encryptMessage(message, Long.fromString('1122334455667788', false, 16), Long.fromString('0123456789abcdef', false, 16))

const [serverNonce, newNonce] = [stream(16), stream(32)]
const [tmpKey, tmpIv] = generateKeyAndIvFromNonce(provider, serverNonce, newNonce)

const p = Buffer.from('c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b', 'hex')
const [salt1, salt2, srpB] = [stream(40), stream(16), stream(256)]
srpB[0] = 0x55
const passwordHash = await computePasswordHash(provider, new TextEncoder().encode('s3cret'), salt1, salt2)
const algorithm = { _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow', salt1, salt2, g: 3, p: new Uint8Array(p) }
const srpCounter = counter
const srp = await computeSrpParams(provider, { currentAlgo: algorithm, srpB, srpId: Long.ONE }, 's3cret')

const { publicKey } = nodeCrypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = publicKey.export({ type: 'pkcs1', format: 'pem' })
const parsed = parsePublicKey(provider, pem)
const data = stream(100)
const rsaCounter = counter
const padded = rsaPad(data, provider, parsed)

const pq = []
for (const value of [0x17ed48941a08f981n, 1244159563n * 1558201013n, 2147483647n * 2147483629n, 65537n * 4294967291n]) {
  const bytes = Buffer.from(value.toString(16).padStart(16, '0'), 'hex')
  const [a, b] = await provider.factorizePQ(bytes)
  pq.push({ pq: hex(bytes), p: hex(a), q: hex(b) })
}

console.log(JSON.stringify({
  ige,
  packet: { authKey: hex(authKeyBytes), body: hex(body), packet: hex(packet) },
  temporary: { serverNonce: hex(serverNonce), newNonce: hex(newNonce), key: hex(tmpKey), iv: hex(tmpIv) },
  srp: { salt1: hex(salt1), salt2: hex(salt2), b: hex(srpB), counter: srpCounter, hash: hex(passwordHash), a: hex(srp.A), m1: hex(srp.M1) },
  rsa: { pem, fingerprint: parsed.fingerprint, data: hex(data), counter: rsaCounter, padded: hex(padded) },
  pq,
}, null, 2))
