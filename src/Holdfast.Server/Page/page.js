// The page of a library: lists, searches, shows and uploads, all through docs/http-api.md. Names are only ever set as text.
'use strict';

const at = id => document.getElementById(id);
const pictures = /\.(jpe?g|png|gif|webp)$/i, movies = /\.(mp4|mov|webm)$/i;
const largestPicture = 12e6, largestShown = 500e6, largestHashed = 64e6;
let token = sessionStorage.getItem('token') ?? localStorage.getItem('token') ?? '';
let folder = '', next = null, turn = 0;

const ask = (path, options = {}) =>
  fetch(path, { ...options, headers: { ...options.headers, Authorization: 'Bearer ' + token }, credentials: 'omit', cache: 'no-store' });

// Paths come percent-encoded where they are no text; what is shown is as near as can be.
const decode = path => { try { return decodeURIComponent(path); } catch { return path; } };
const bytes = n => { const u = ['B', 'KiB', 'MiB', 'GiB', 'TiB']; let i = 0; while (n >= 1024 && i < 4) { n /= 1024; i++; } return `${i ? n.toFixed(1) : n} ${u[i]}`; };
const element = (tag, className, text) => { const e = document.createElement(tag); if (className) e.className = className; if (text !== undefined) e.textContent = text; return e; };

async function enter() {
  const answer = token ? await ask('api/v1/library').catch(() => null) : { status: 0 };
  const open = answer?.ok === true;
  at('enter').hidden = open;
  at('library').hidden = !open;
  if (!answer) at('refused').textContent = 'The server does not answer.';
  else if (answer.status === 401) at('refused').textContent = 'The server does not know this token.';
  else if (answer.status === 429) at('refused').textContent = 'Too many wrong tokens: wait a minute.';
  if (open) { show(''); jobs(); }
  else at('token').focus();
}

// How the jobs stand that run beside the server (serve --jobs).
const when = time => time ? new Date(time).toLocaleString() : 'never';
async function jobs() {
  const answer = await ask('api/v1/jobs').catch(() => null);
  const known = answer?.ok ? (await answer.json()).jobs : [];
  at('jobs').hidden = known.length === 0;
  at('jobs').replaceChildren(...known.flatMap(job => [
    element('h2', '', job.job),
    element('p', job.problem ? 'bad' : '', [job.problem, `last good run: ${when(job.last_good)}`, job.running ? 'running now' : job.next ? `next: ${when(job.next)}` : job.schedule].filter(Boolean).join(' · ')),
    ...job.targets.map(target => element('p', target.drill_failures ? 'bad' : 'quiet', `${target.target}: ${target.last_outcome ?? 'no run yet'} · ` + (target.last_drill
      ? `proven ${when(target.last_drill)}: ${target.drill_files} files came back${target.drill_failures ? `, ${target.drill_failures} did not` : ''}`
      : 'never proven'))),
  ]));
}

at('enter').addEventListener('submit', event => {
  event.preventDefault();
  token = at('token').value.trim();
  at('token').value = '';
  at('refused').textContent = '';
  (at('remember').checked ? localStorage : sessionStorage).setItem('token', token);
  enter();
});

at('leave').addEventListener('click', () => {
  sessionStorage.removeItem('token');
  localStorage.removeItem('token');
  location.reload();
});

function show(path) {
  folder = path;
  next = null;
  at('list').replaceChildren();
  at('trail').replaceChildren(...trail(path));
  load(++turn);
}

function trail(path) {
  const parts = path ? path.split('/') : [];
  return ['', ...parts].map((part, i) => {
    const step = element('button', '', i ? decode(part) + ' /' : 'Library /');
    step.type = 'button';
    step.addEventListener('click', () => { at('search').value = ''; show(parts.slice(0, i).join('/')); });
    return step;
  });
}

// A folder shows what lies in it; a search, the files at any depth below it.
async function load(mine) {
  const search = at('search').value.trim();
  at('more').hidden = true;
  at('state').textContent = 'Loading…';
  for (let shown = 0; shown < 100;) {
    const query = new URLSearchParams(search ? { under: folder, q: search } : { under: folder, children: 1 });
    if (next) query.set('after', next);
    const answer = await ask('api/v1/entries?' + query).catch(() => null);
    if (mine !== turn) return;
    if (!answer?.ok) {
      at('state').textContent = answer?.status === 401 ? 'The token ended.' : 'The server does not answer.';
      return;
    }
    const page = await answer.json();
    next = page.after ?? null;
    for (const entry of page.entries) shown += add(entry, search !== '');
    if (!next) break;
  }
  at('state').textContent = at('list').children.length ? '' : search ? 'Nothing found.' : 'There is nothing here yet.';
  at('more').hidden = !next;
}

function add(entry, flat) {
  at('list').append(entry.type === 'folder'
    ? tile('📁', decode(entry.path.slice(entry.path.lastIndexOf('/') + 1)), '', () => show(entry.path))
    : fileTile(entry, flat));
  return 1;
}

function tile(sign, name, size, open) {
  const item = element('li'), button = element('button');
  button.type = 'button';
  button.append(element('span', 'picture', sign), element('span', 'name', name), element('span', 'size', size));
  button.addEventListener('click', open);
  item.append(button);
  return item;
}

function fileTile(entry, flat) {
  const name = decode(flat ? entry.path : entry.path.slice(entry.path.lastIndexOf('/') + 1));
  const item = tile(movies.test(name) ? '🎞' : '📄', name, bytes(entry.size), () => view(entry, name));
  if (pictures.test(name) && entry.size <= largestPicture) {
    item.entry = entry;
    seen.observe(item);
  }
  return item;
}

// Pictures are fetched when they come into view, a few at a time.
const waiting = [];
let fetching = 0;
const seen = new IntersectionObserver(items => {
  for (const { isIntersecting, target } of items)
    if (isIntersecting) { seen.unobserve(target); waiting.push(target); pump(); }
}, { rootMargin: '200px' });

async function pump() {
  if (fetching >= 4 || !waiting.length) return;
  const item = waiting.shift();
  fetching++;
  try {
    if (item.isConnected) {
      const picture = element('img', 'picture');
      picture.alt = '';
      picture.src = await blobOf(item.entry);
      picture.addEventListener('load', () => URL.revokeObjectURL(picture.src));
      item.querySelector('.picture').replaceWith(picture);
    }
  } catch { /* The sign stays. */ }
  fetching--;
  pump();
}

async function blobOf(entry) {
  const answer = await ask('api/v1/files?path=' + encodeURIComponent(entry.path));
  if (!answer.ok) throw new Error(`${answer.status}`);
  return URL.createObjectURL(await answer.blob());
}

async function view(entry, name) {
  at('shown').replaceChildren();
  at('save').hidden = true;
  at('caption').textContent = `${name} · ${bytes(entry.size)} · ${new Date(entry.mtime * 1000).toLocaleString()}`;
  at('viewer').showModal();
  if (entry.size > largestShown) {
    at('caption').textContent += ' · too large for a browser: use holdfast restore, or curl';
    return;
  }
  try {
    const url = await blobOf(entry);
    const what = pictures.test(name) ? element('img') : movies.test(name) ? element('video') : null;
    if (what) { what.src = url; what.controls = true; at('shown').append(what); }
    at('save').href = url;
    at('save').download = name.slice(name.lastIndexOf('/') + 1);
    at('save').hidden = false;
    at('viewer').addEventListener('close', () => URL.revokeObjectURL(url), { once: true });
  } catch { at('caption').textContent = 'It is not there any more.'; }
}

at('close').addEventListener('click', () => at('viewer').close());
at('more').addEventListener('click', () => load(turn));

let typing;
at('search').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(() => show(folder), 250); });

at('pick').addEventListener('change', async () => {
  const files = [...at('pick').files];
  at('pick').value = '';
  const into = folder;
  for (const file of files) await upload(file, into);
  if (files.length && into === folder) show(folder);
});

async function upload(file, into) {
  const line = element('div'), state = element('span', '', '…'), progress = element('progress');
  line.append(element('span', '', file.name), state, progress);
  at('uploads').prepend(line);
  const name = (into ? decode(into) + '/' : '') + file.name;
  const query = new URLSearchParams({ name, on_conflict: 'rename', mtime: (file.lastModified / 1000).toFixed(3) });
  // Known contents are not sent at all. Browsers hash only on https and on the machine itself.
  if (file.size <= largestHashed && globalThis.crypto?.subtle)
    query.set('hash', [...new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))].map(b => b.toString(16).padStart(2, '0')).join(''));
  const { status, text } = await send('upload?' + query, file, progress);
  const answer = (() => { try { return JSON.parse(text); } catch { return {}; } })();
  progress.remove();
  state.textContent = status === 201 ? 'stored' : status === 200 ? `already there: ${decode(answer.path ?? '')}`
    : status === 410 ? 'was deleted for good' : status === 403 ? 'this token may not upload' : status === 507 ? 'the disk is full'
    : status ? `failed (${status}): ${answer.error ?? ''}` : 'the connection broke: pick it again';
  if (status !== 201 && status !== 200) line.classList.add('failed');
}

// XMLHttpRequest, because fetch does not tell how far an upload is.
const send = (path, file, progress) => new Promise(done => {
  const request = new XMLHttpRequest();
  request.open('POST', path);
  request.setRequestHeader('Authorization', 'Bearer ' + token);
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  request.upload.addEventListener('progress', e => { if (e.lengthComputable) { progress.max = e.total; progress.value = e.loaded; } });
  request.addEventListener('loadend', () => done({ status: request.status, text: request.responseText }));
  request.send(file);
});

enter();
