// A folder, or what a search finds at any depth below it, a page after the other.
import { at, ask, button, bytes, decode, element, lastOf } from './server.js';
import { thumbnail } from './thumbnails.js';

export const pictures = /\.(jpe?g|png|gif|webp)$/i, movies = /\.(mp4|mov|webm)$/i;

const ENOUGH = 100; // entries; a search may find none on a page and many on the next

let shown = { folder: '', search: '' }, next = null, turn = 0, loading = false;

/** The files that are listed, in their order. */
export let files = [];

let open = { folder: () => {}, file: () => {} };
export const whenOpened = acts => { open = acts; };

export function show(folder, search) {
  shown = { folder, search };
  next = null;
  files = [];
  at('list').replaceChildren();
  at('trail').replaceChildren(...trail(folder));
  turn++;
  loading = false;
  load();
}

export const current = () => shown;

function trail(folder) {
  const parts = folder ? folder.split('/') : [];
  return ['', ...parts].flatMap((part, i) => {
    const step = button(i ? decode(part) : 'Library', () => open.folder(parts.slice(0, i).join('/')));
    if (i === parts.length) step.setAttribute('aria-current', 'page');
    const slash = element('span', '', '/');
    slash.setAttribute('aria-hidden', 'true');
    return [step, slash];
  });
}

async function load() {
  if (loading) return;
  loading = true;
  const mine = turn, { folder, search } = shown;
  at('more').hidden = at('retry').hidden = true;
  at('state').textContent = 'Loading…';
  for (let added = 0; added < ENOUGH;) {
    const query = new URLSearchParams(search ? { under: folder, q: search } : { under: folder, children: 1 });
    if (next) query.set('after', next);
    const answer = await ask('api/v1/entries?' + query), page = answer?.ok ? await answer.json().catch(() => null) : null;
    if (mine !== turn) return;
    if (!page) {
      loading = false;
      at('state').textContent = answer?.status === 401 ? 'The token is not valid any more.' : answer && !answer.ok ? `The server cannot list this (${answer.status}).` : 'The server does not answer.';
      at('retry').hidden = false;
      return;
    }
    next = page.after ?? null;
    put(page.entries, search !== '');
    added += page.entries.length;
    if (!next) break;
  }
  loading = false;
  at('state').textContent = at('list').children.length ? '' : search ? `Nothing found${folder ? ` in ${decode(folder)}` : ''}.` : 'There is nothing here yet.';
  at('more').hidden = !next;
}

at('more').addEventListener('click', load);
at('retry').addEventListener('click', load);
// Whoever scrolls to the end need not press it.
new IntersectionObserver(([end]) => { if (end.isIntersecting) load(); }, { rootMargin: '600px' }).observe(at('more'));

/** Folders come first, as far as they are known. */
function put(entries, flat) {
  const isFolder = entry => entry.type === 'folder';
  const firstFile = at('list').querySelector('li:not(.folder)');
  const folders = entries.filter(isFolder).map(entry => tileOf(entry, flat));
  for (const item of folders) { item.className = 'folder'; at('list').insertBefore(item, firstFile); }
  at('list').append(...entries.filter(entry => !isFolder(entry)).map(entry => tileOf(entry, flat)));
}

function tileOf(entry, flat) {
  const name = decode(flat ? entry.path : lastOf(entry.path));
  if (entry.type === 'folder') return tile('📁', 'Folder ', name, '', () => open.folder(entry.path));
  const index = files.push(entry) - 1;
  const item = tile(movies.test(name) ? '🎞' : '📄', '', name, bytes(entry.size), () => open.file(index));
  if (pictures.test(name)) thumbnail(item.querySelector('.picture'), entry);
  return item;
}

function tile(sign, kind, name, size, act) {
  const item = element('li'), face = button('', act), picture = element('span', 'picture', sign);
  picture.setAttribute('aria-hidden', 'true');
  face.title = name;
  face.append(picture, element('span', 'unseen', kind), element('span', 'name', name), element('span', 'size', size));
  item.append(face);
  return item;
}
