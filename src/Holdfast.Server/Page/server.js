// What every part of the page asks the server with, and how names and sizes are shown. The requests are those of docs/http-api.md.

export const at = id => document.getElementById(id);

let token = sessionStorage.getItem('token') ?? localStorage.getItem('token') ?? '';

export const hasToken = () => token !== '';
export const authorization = () => 'Bearer ' + token;

export function setToken(text, remember) {
  forgetToken();
  token = text;
  (remember ? localStorage : sessionStorage).setItem('token', text);
}

export function forgetToken() {
  token = '';
  sessionStorage.removeItem('token');
  localStorage.removeItem('token');
}

// The server's answer; null when there is none. A token that ended is said once, to whoever shows the page.
let ended = () => {};
export const whenTokenEnds = act => { ended = act; };

export async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { ...options.headers, Authorization: authorization() }, credentials: 'omit', cache: 'no-store' }).catch(() => null);
  if (answer?.status === 401) ended();
  return answer;
}

// Paths come percent-encoded where they are no text (docs/http-api.md): what is shown is as near as can be.
export const isText = path => { try { decodeURIComponent(path); return true; } catch { return false; } };

export function decode(path) {
  if (isText(path)) return decodeURIComponent(path);
  const encoded = new TextEncoder(), bytes = [];
  for (const [part, hex] of path.matchAll(/%([0-9A-F]{2})|[^%]+/gi)) bytes.push(...hex ? [parseInt(hex, 16)] : encoded.encode(part));
  return new TextDecoder().decode(new Uint8Array(bytes));
}

export const lastOf = path => path.slice(path.lastIndexOf('/') + 1);

export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; n >= 1024 && i < 4; i++) n /= 1024;
  return `${i ? n.toFixed(1) : n} ${units[i]}`;
}

export const count = (n, one) => `${n.toLocaleString()} ${one}${n === 1 ? '' : 's'}`;

// Names are only ever set as text, so none of them is markup.
export function element(tag, className, text) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}

export function button(text, act, className = '') {
  const e = element('button', className, text);
  e.type = 'button';
  e.addEventListener('click', act);
  return e;
}
