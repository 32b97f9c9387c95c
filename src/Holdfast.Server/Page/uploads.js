// The files that were picked: a few on their way at once, how far each and all of them are, what became of them.
import { at, bytes, button, count, decode, element } from './server.js';
import { send } from './sending.js';

const AT_ONCE = 3, MOST_LINES = 1000;

let files = [], running = 0, stop = new AbortController(), awake = null;

/** Called when everything that was picked is through; with the folders that something went to. */
let through = () => {};
export const whenThrough = act => { through = act; };

/** Takes files into a folder of the library. */
export function upload(picked, folder) {
  if (!running) begin();
  files.push(...picked.map(file => ({ file, folder, name: folder ? `${decode(folder)}/${pathOf(file)}` : pathOf(file), state: 'waiting', sent: 0 })));
  at('said').textContent = `Uploading ${count(picked.length, 'file')}.`;
  pump();
}

// A file that came with a folder keeps its path in it.
const pathOf = file => file.within ?? (file.webkitRelativePath || file.name);

function begin() {
  if (files.every(f => f.state === 'stored' || f.state === 'already-there')) clear();
  stop = new AbortController();
  at('uploads').hidden = false;
  at('stop').textContent = 'Stop';
}

function clear() {
  files = [];
  for (const list of [at('failed'), at('active'), at('done').lastElementChild]) list.replaceChildren();
  at('done').hidden = true;
}

function pump() {
  while (running < AT_ONCE) {
    const one = files.find(f => f.state === 'waiting');
    if (!one) break;
    one.state = 'active';
    running++;
    run(one).finally(() => { running--; pump(); });
  }
  keepAwake(running > 0);
  sum();
  if (!running) finish();
}

async function run(one) {
  const line = element('li'), progress = element('progress'), state = element('span', 'quiet', 'checking…');
  progress.setAttribute('aria-label', one.name);
  line.append(element('span', '', one.name), state, progress);
  at('active').append(line);
  const told = {
    progress: sent => { one.sent = sent; progress.max = one.file.size || 1; progress.value = sent; state.textContent = `${bytes(sent)} of ${bytes(one.file.size)}`; sumSoon(); },
    waiting: (text, seconds) => { state.textContent = text ? `${text}; trying again in ${seconds} s` : 'trying again'; },
  };
  try {
    const { outcome, path } = await send(one.file, one.name, told, stop.signal);
    one.state = outcome === 'already-there' ? outcome : 'stored';
    end(one, path);
  } catch (e) {
    one.state = 'failed';
    one.again = stop.signal.aborted || e.again === true;
    fail(one, stop.signal.aborted ? 'stopped' : e.message);
  }
  line.remove();
}

function end(one, path) {
  const list = at('done').lastElementChild, where = decode(path ?? '');
  at('done').hidden = false;
  if (list.children.length < MOST_LINES)
    list.append(element('li', '', one.state === 'stored' ? `${where}: stored` : `${one.name}: already there${where === one.name ? '' : `, as ${where}`}`));
}

function fail(one, reason) {
  one.line = element('li', 'bad');
  one.line.append(element('span', '', one.name), element('span', '', reason));
  at('failed').append(one.line);
}

const of = state => files.filter(f => f.state === state);

let due = null;
const sumSoon = () => { due ??= setTimeout(sum, 200); };

function sum() {
  clearTimeout(due);
  due = null;
  const stored = of('stored').length, there = of('already-there').length, failed = of('failed').length;
  const total = files.reduce((n, f) => n + f.file.size, 0);
  const sent = files.reduce((n, f) => n + (f.state === 'waiting' ? 0 : f.state === 'active' ? f.sent : f.file.size), 0);
  const parts = [stored && `${stored.toLocaleString()} stored`, there && `${there.toLocaleString()} already there`, failed && `${failed.toLocaleString()} failed`].filter(Boolean);
  const through = stored + there + failed;
  const isOver = through === files.length;
  at('sum').textContent = [isOver ? count(files.length, 'file') : `${through.toLocaleString()} of ${count(files.length, 'file')} · ${bytes(sent)} of ${bytes(total)}`, ...parts].join(' · ');
  at('total').hidden = isOver;
  at('total').max = total || 1;
  at('total').value = sent;
  at('done').firstElementChild.textContent = count(stored + there, 'file') + ' in the library';
  at('again').hidden = running > 0 || !files.some(f => f.again);
}

function finish() {
  at('stop').textContent = 'Clear';
  at('said').textContent = of('failed').length ? `${count(of('failed').length, 'file')} could not be uploaded.` : 'Everything is in the library.';
  through(new Set(files.map(f => f.folder)));
}

at('stop').addEventListener('click', () => {
  if (!running) {
    at('uploads').hidden = true;
    at('said').textContent = '';
    clear();
    return;
  }
  stop.abort();
  for (const one of of('waiting')) { one.state = 'failed'; one.again = true; fail(one, 'stopped'); }
});

at('again').addEventListener('click', () => {
  begin();
  for (const one of files.filter(f => f.again)) { one.line.remove(); Object.assign(one, { state: 'waiting', again: false, sent: 0 }); }
  at('said').textContent = 'Trying again.';
  pump();
});

addEventListener('beforeunload', e => { if (running) e.preventDefault(); });

// A phone that goes to sleep sends nothing (where the browser can keep it awake: over https). The lock ends when the page is hidden.
function keepAwake(wanted) {
  if (wanted) awake ??= navigator.wakeLock?.request('screen').catch(() => null) ?? null;
  else { awake?.then(lock => lock?.release()); awake = null; }
}

document.addEventListener('visibilitychange', () => { if (!document.hidden && running) { awake = null; keepAwake(true); } });

/** What was dropped on the page, folders with what is in them. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  return (await Promise.all(entries.map(within))).flat();
}

async function within(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    file.within = entry.fullPath.slice(1);
    return [file];
  }
  const reader = entry.createReader(), found = [];
  for (let some; (some = await new Promise((done, failed) => reader.readEntries(done, failed))).length;) found.push(...some);
  return (await Promise.all(found.map(within))).flat();
}
