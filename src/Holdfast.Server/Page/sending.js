// Sends one file: what the server knows is not sent, what broke off goes on where it was (tus 1.0).
import { ask, authorization } from './server.js';

const PART = 8 << 20, SMALLEST_PART = 256 << 10; // bytes in one request
const STALLED = 120_000; // ms without a byte
const LONGEST_PAUSE = 30_000, MOST_TRIES = 12; // in a row without a byte of progress: about four minutes
const UPLOADS = 'api/v1/uploads';

/** The server said no. 'again': another answer is possible when somebody made room, say. */
export class Refusal extends Error {
  constructor(text, again = false) { super(text); this.again = again; }
}

/** It may work another time: no answer, or one like "too busy". */
class Trouble extends Error { again = true; }

/**
 * Sends a file under a name. 'told' has: progress(bytes), waiting(text, seconds).
 * Gives { outcome: 'stored' | 'already-there', path }; throws Refusal, Trouble, or AbortError when the signal ends it.
 */
export async function send(file, name, told, signal) {
  const upload = { file, name, told, signal, sent: 0, part: PART };
  upload.sha256 = await persist(upload, () => hash(file, signal));
  const known = await persist(upload, () => offer(upload));
  return known ?? persist(upload, () => transfer(upload));
}

/** Tries again after growing pauses for as long as it may help. */
async function persist(upload, work) {
  for (let tries = 1, before = -1; ; tries++) {
    upload.signal.throwIfAborted();
    try {
      return await work();
    } catch (e) {
      if (!(e instanceof Trouble)) throw e;
      if (upload.sent > before) { before = upload.sent; tries = 1; }
      await requireReadable(upload.file);
      if (tries >= MOST_TRIES) throw e;
      const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** tries);
      upload.told.waiting(e.message, pause / 1000);
      await rest(pause, upload.signal);
      upload.told.waiting('', 0);
    }
  }
}

/** Known contents only get one more name. Null when the bytes are needed. */
async function offer({ file, name, sha256, signal }) {
  const answer = await json('api/v1/missing', { hashes: [sha256] }, signal);
  if (answer.deleted.length) throw new Refusal('was deleted for good; it is not taken again');
  if (answer.missing.length && file.size) return null;
  const query = new URLSearchParams({ name, on_conflict: 'rename', hash: sha256, mtime: modified(file) });
  const taken = await request('POST', 'upload?' + query, signal, '', {}, [422]); // 422: it went away just now.
  return taken.status === 422 ? null : JSON.parse(taken.text);
}

async function transfer(upload) {
  const { file, told } = upload;
  const known = remembered(upload);
  const there = known && await offsetOf(known, upload.signal);
  if (!there) remember(upload, await create(upload));
  let { offset, done } = there || { offset: 0, done: null };
  while (!done) {
    upload.sent = offset;
    told.progress(offset);
    ({ offset, done } = await part(upload, offset));
  }
  told.progress(file.size);
  remember(upload, null);
  return done;
}

async function create({ file, name, sha256, signal }) {
  const text = value => btoa(String.fromCharCode(...new TextEncoder().encode(value)));
  const metadata = Object.entries({ filename: name, mtime: modified(file), sha256 }).map(([key, value]) => `${key} ${text(value)}`).join(',');
  const answer = await request('POST', UPLOADS, signal, '', { 'Upload-Length': file.size, 'Upload-Metadata': metadata });
  return answer.header('Location').slice(1); // The page may lie below a proxy's path.
}

/** Null when the server does not know it any more. */
async function offsetOf(location, signal) {
  const answer = await request('HEAD', location, signal, '', {}, [404]);
  return answer.status === 404 ? null : progressOf(answer);
}

async function part(upload, offset) {
  const body = upload.file.slice(offset, offset + upload.part);
  const headers = { 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream' };
  const seen = sent => { upload.sent = Math.max(upload.sent, offset + sent); upload.told.progress(offset + sent); };
  const answer = await request('PATCH', remembered(upload), upload.signal, body, headers, [404, 409, 413], seen);
  if (answer.status === 413) {
    if (upload.part <= SMALLEST_PART) throw new Refusal('a proxy before the server refuses even small parts of it');
    upload.part /= 2;
    return { offset, done: null };
  }
  if (answer.status === 404) remember(upload, null);
  // The server has other bytes than it seemed: the next try asks how many.
  if (answer.status !== 204) throw new Trouble('the upload has to be taken up again');
  return progressOf(answer);
}

function progressOf(answer) {
  const path = answer.header('Holdfast-Path');
  return {
    offset: Number(answer.header('Upload-Offset')),
    done: path === null ? null : { outcome: answer.header('Holdfast-Outcome'), path: decodeURIComponent(path) },
  };
}

// Where an upload is that broke off, so that the same file goes on when it is picked again tomorrow.
const keyOf = ({ file, name }) => `upload ${file.size} ${file.lastModified} ${name}`;
const locations = new Map();

function remembered(upload) {
  const mine = locations.get(upload);
  if (mine) return mine;
  const kept = localStorage.getItem(keyOf(upload));
  return [...locations.values()].includes(kept) ? null : kept; // The same file was picked twice.
}

function remember(upload, location) {
  if (location) locations.set(upload, location);
  else locations.delete(upload);
  try {
    if (location) localStorage.setItem(keyOf(upload), location);
    else localStorage.removeItem(keyOf(upload));
  } catch { /* A browser that keeps nothing: it goes on as long as the page is open. */ }
}

const modified = file => (file.lastModified / 1000).toFixed(3);

const json = async (path, value, signal) => JSON.parse((await request('POST', path, signal, JSON.stringify(value), { 'Content-Type': 'application/json' })).text);

/** An answer that was asked for, or an error that says what to do. XMLHttpRequest, because fetch does not tell how far it is. */
async function request(method, path, signal, body, headers = {}, expected = [], seen = () => {}) {
  const answer = await exchange(method, path, signal, body, headers, seen);
  if (answer.status >= 200 && answer.status < 300 || expected.includes(answer.status)) return answer;
  const said = (() => { try { return JSON.parse(answer.text).error; } catch { return ''; } })();
  switch (answer.status) {
    case 0: throw new Trouble('the server does not answer');
    case 408: case 429: case 502: case 503: case 504: throw new Trouble(said || `the server is not able to (${answer.status})`);
    case 401: ask('api/v1/library'); throw new Refusal('this token is not valid any more', true); // The page notices by its own request.
    case 403: throw new Refusal('this token may look, not upload');
    case 413: throw new Refusal(said || 'it is too large for this server');
    default: throw new Refusal(said || `the server refused it (${answer.status})`, answer.status >= 500);
  }
}

const exchange = (method, path, signal, body, headers, seen) => new Promise((done, failed) => {
  const asked = new XMLHttpRequest();
  let timer;
  const alive = () => { clearTimeout(timer); timer = setTimeout(() => asked.abort(), STALLED); };
  const stop = () => asked.abort();
  asked.open(method, path);
  for (const [name, value] of Object.entries({ Authorization: authorization(), 'Tus-Resumable': '1.0.0', 'Content-Type': 'application/octet-stream', ...headers }))
    asked.setRequestHeader(name, value);
  asked.upload.addEventListener('progress', e => { alive(); seen(e.loaded); });
  asked.addEventListener('loadend', () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    if (signal.aborted) failed(signal.reason);
    else done({ status: asked.status, text: asked.responseText, header: name => asked.getResponseHeader(name) });
  });
  signal.addEventListener('abort', stop);
  alive();
  asked.send(body);
});

/** A pause that ends early when the network is back, or the signal ends it. */
const rest = (time, signal) => new Promise(done => {
  const over = () => { clearTimeout(timer); removeEventListener('online', over); signal.removeEventListener('abort', over); done(); };
  const timer = setTimeout(over, time);
  addEventListener('online', over);
  signal.addEventListener('abort', over);
});

/** Phones take files back that they gave: no number of tries helps then. */
async function requireReadable(file) {
  try { await file.slice(0, 1).arrayBuffer(); } catch { throw unreadable(); }
}

const unreadable = () => new Refusal('the browser cannot read it any more: pick it again');

// Hashes one file at a time, while others are sent.
let worker, next = 0;
const waiting = new Map();

function hash(file, signal) {
  worker ??= begin();
  return new Promise((done, failed) => {
    const id = next++;
    const end = () => { waiting.delete(id); failed(signal.reason); };
    signal.addEventListener('abort', end, { once: true });
    waiting.set(id, sha256 => { signal.removeEventListener('abort', end); if (sha256 instanceof Error) failed(sha256); else done(sha256); });
    worker.postMessage({ id, file });
  });
}

function begin() {
  const hasher = new Worker('sha256.js');
  hasher.addEventListener('message', ({ data }) => answer(data.id, data.sha256 ?? unreadable()));
  // It could not be loaded.
  hasher.addEventListener('error', () => { worker = null; for (const id of [...waiting.keys()]) answer(id, new Trouble('the server does not answer')); });
  return hasher;
}

function answer(id, result) {
  waiting.get(id)?.(result);
  waiting.delete(id);
}
