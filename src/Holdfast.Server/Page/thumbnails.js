// Small pictures in place of the signs: fetched when they come into view, a few at a time, and kept small in memory.
import { ask, element } from './server.js';

const LARGEST = 12e6, WIDTH = 320, AT_ONCE = 4, MOST_KEPT = 400;

const entries = new WeakMap(), waiting = [], kept = new Map();
let fetching = 0;

const seen = new IntersectionObserver(items => {
  for (const { isIntersecting, target } of items) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    waiting.push(target);
    pump();
  }
}, { rootMargin: '200px' });

/** Puts a picture of the file in place of a sign, as soon as somebody can see it. */
export function thumbnail(sign, entry) {
  if (entry.size > LARGEST) return;
  entries.set(sign, entry);
  seen.observe(sign);
}

async function pump() {
  if (fetching >= AT_ONCE || !waiting.length) return;
  const sign = waiting.pop(); // What came into view last is what is looked at now.
  fetching++;
  if (sign.isConnected) await draw(sign, entries.get(sign)).catch(() => { /* The sign stays. */ });
  fetching--;
  pump();
}

async function draw(sign, entry) {
  const key = `${entry.path} ${entry.mtime} ${entry.size}`, small = kept.get(key) ?? await smallOf(entry);
  kept.delete(key);
  kept.set(key, small);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  const canvas = element('canvas', 'picture');
  canvas.setAttribute('aria-hidden', 'true');
  [canvas.width, canvas.height] = [small.width, small.height];
  canvas.getContext('2d').drawImage(small, 0, 0);
  sign.replaceWith(canvas);
}

async function smallOf(entry) {
  const answer = await ask('api/v1/files?path=' + encodeURIComponent(entry.path));
  if (!answer?.ok) throw new Error('gone');
  return createImageBitmap(await answer.blob(), { resizeWidth: WIDTH, resizeQuality: 'medium' });
}
