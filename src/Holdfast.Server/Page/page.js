// The page of a library: who is let in, and what of the library is in view. All it knows it has through docs/http-api.md.
import { at, ask, forgetToken, hasToken, isText, setToken, whenTokenEnds } from './server.js';
import { current, show, whenOpened } from './list.js';
import { unview, view } from './viewer.js';
import { dropped, upload, whenThrough } from './uploads.js';
import { jobs } from './jobs.js';

// What is in view stands in the address, so that a phone's "back" and a reload do what people expect.
const here = () => { const said = new URLSearchParams(location.hash.slice(1)); return { folder: said.get('in') ?? '', search: said.get('q') ?? '' }; };

function address(folder, search) {
  const said = new URLSearchParams();
  if (folder) said.set('in', folder);
  if (search) said.set('q', search);
  return '#' + said;
}

function go(folder, search = '') {
  history.pushState(null, '', address(folder, search));
  render();
}

// The list is not taken away from under somebody who looks at its files.
let stale = false;

function render() {
  stale = false;
  const { folder, search } = here();
  if (at('search').value.trim() !== search) at('search').value = search;
  at('upload').classList.toggle('unfit', !isText(folder));
  show(folder, search);
}

async function enter() {
  const answer = hasToken() ? await ask('api/v1/library') : { status: 0 };
  const open = answer?.ok === true;
  at('enter').hidden = open;
  at('library').hidden = !open;
  if (!open) { refuse(answer); return; }
  const { scope } = await answer.json();
  document.body.dataset.scope = scope;
  at('upload').hidden = scope === 'read';
  render();
  jobs();
}

function refuse(answer) {
  if (!answer) at('refused').textContent = 'The server does not answer.';
  else if (answer.status === 401) { at('refused').textContent = 'The server does not know this token.'; forgetToken(); }
  else if (answer.status === 429) at('refused').textContent = 'Too many wrong tokens: wait a minute.';
  else if (answer.status) at('refused').textContent = `The server is not able to (${answer.status}).`;
  at('token').required = !hasToken();
  at('token').focus();
}

at('enter').addEventListener('submit', event => {
  event.preventDefault();
  const typed = at('token').value.trim();
  at('token').value = '';
  at('refused').textContent = '';
  if (typed) setToken(typed, at('remember').checked);
  enter();
});

whenTokenEnds(() => {
  if (at('library').hidden) return;
  if (at('viewer').open) unview();
  at('library').hidden = true;
  at('enter').hidden = false;
  at('refused').textContent = 'This token is not valid any more.';
  forgetToken();
  at('token').focus();
});

at('leave').addEventListener('click', () => {
  forgetToken();
  location.reload();
});

let typing;
at('search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const { folder, search } = here(), typed = at('search').value.trim();
    // A search is one step to go back from, not one for each letter.
    history[search ? 'replaceState' : 'pushState'](null, '', address(folder, typed));
    render();
  }, 250);
});

whenOpened({
  folder: folder => go(folder),
  file: index => { history.pushState('viewer', ''); view(index); },
});

addEventListener('popstate', () => {
  if (at('viewer').open) unview();
  const { folder, search } = here();
  if (stale || folder !== current().folder || search !== current().search) render();
});

// However the viewer is closed, its step in the history goes, too.
const leaveViewer = event => { event.preventDefault(); history.back(); };
at('close').addEventListener('click', leaveViewer);
at('viewer').addEventListener('cancel', leaveViewer);
if (history.state === 'viewer') history.replaceState(null, '');

function take(files) {
  if (!files.length) return;
  const { folder } = here();
  if (isText(folder)) upload(files, folder);
  else at('state').textContent = 'The name of this folder is no text: rename it before you upload into it.';
}

at('pick').addEventListener('change', () => {
  take([...at('pick').files]);
  at('pick').value = '';
});

whenThrough(folders => {
  stale = folders.has(here().folder);
  if (stale && !at('viewer').open) render();
});

addEventListener('dragover', event => event.preventDefault());
addEventListener('drop', async event => {
  event.preventDefault();
  if (!at('library').hidden && !at('upload').hidden) take(await dropped(event.dataTransfer));
});

enter();
