// One file: looked at, saved, the one before and the next.
import { at, ask, bytes, decode, element, lastOf } from './server.js';
import { files, movies, pictures } from './list.js';

let which = 0, turn = 0;

export async function view(index) {
  which = index;
  const mine = ++turn, entry = files[index], name = decode(lastOf(entry.path));
  at('shown').replaceChildren();
  at('save').hidden = true;
  at('before').disabled = index === 0;
  at('after').disabled = index === files.length - 1;
  at('caption').textContent = name;
  at('about').textContent = `${bytes(entry.size)} · ${new Date(entry.mtime * 1000).toLocaleString()}`;
  if (!at('viewer').open) at('viewer').showModal();

  // What a browser plays or saves it fetches without the token: the file gets an address of its own for a while.
  const answer = await ask('api/v1/links', { method: 'POST', body: JSON.stringify({ path: entry.path }) });
  const link = answer?.ok ? (await answer.json()).link : null;
  const there = link && await fetch(link, { method: 'HEAD' }).catch(() => null);
  if (mine !== turn) return;
  if (!there?.ok) {
    at('about').textContent = there?.status === 404 ? 'It is not there any more.' : 'The server does not answer.';
    return;
  }
  const what = pictures.test(name) ? element('img') : movies.test(name) ? element('video') : null;
  if (what) {
    what.src = link;
    what.alt = name;
    what.controls = true;
    what.addEventListener('error', () => { if (mine === turn) { what.remove(); at('about').textContent += ' · this browser cannot show it'; } });
    at('shown').append(what);
  }
  at('save').href = link;
  at('save').download = name;
  at('save').hidden = false;
}

/** Nothing plays on behind a closed window. */
export function unview() {
  turn++;
  at('shown').replaceChildren();
  at('viewer').close();
}

const step = by => { if (files[which + by]) view(which + by); };

at('before').addEventListener('click', () => step(-1));
at('after').addEventListener('click', () => step(1));
at('viewer').addEventListener('keydown', e => {
  if (e.target.tagName === 'VIDEO') return; // Its own keys.
  if (e.key === 'ArrowLeft') step(-1);
  if (e.key === 'ArrowRight') step(1);
});
