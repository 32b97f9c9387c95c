// A worker that hashes files, piece by piece: what browsers have of their own takes a whole file at once, and only over https. FIPS 180-4.
const PIECE = 4 << 20; // bytes

const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every(p => n % p)) primes.push(n);
const fraction = x => (x - Math.floor(x)) * 2 ** 32 | 0;
const K = Int32Array.from(primes, p => fraction(Math.cbrt(p)));
const words = new Int32Array(64);

function rounds(state, view, at) {
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15], y = words[i - 2];
    words[i] = words[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
      + words[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + words[i] | 0;
    const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

function take(state, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i + 64 <= bytes.length; i += 64) rounds(state, view, i);
}

async function hash(file) {
  const state = Int32Array.from(primes.slice(0, 8), p => fraction(Math.sqrt(p)));
  const whole = file.size - file.size % 64;
  for (let i = 0; i < whole; i += PIECE) take(state, new Uint8Array(await file.slice(i, Math.min(i + PIECE, whole)).arrayBuffer()));
  // The rest, a one bit, zeros, and the length in bits as the last eight bytes.
  const rest = new Uint8Array(await file.slice(whole).arrayBuffer()), end = new Uint8Array(rest.length < 56 ? 64 : 128);
  end.set(rest);
  end[rest.length] = 0x80;
  new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(file.size) * 8n);
  take(state, end);
  return Array.from(state, word => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

// One file after the other, so that a disk or card is read in one place.
let last = Promise.resolve();
onmessage = ({ data: { id, file } }) => {
  last = last.then(() => hash(file)).then(sha256 => postMessage({ id, sha256 }), () => postMessage({ id }));
};
