// How the jobs stand that run beside the server (serve --jobs).
import { at, ask, count, element } from './server.js';

const BETWEEN_LOOKS = 60_000; // ms
const when = time => time ? new Date(time).toLocaleString() : 'never';

export async function jobs() {
  const answer = await ask('api/v1/jobs');
  if (!answer?.ok) return; // What was known stays.
  const known = (await answer.json()).jobs;
  at('jobs').hidden = known.length === 0;
  at('jobs').replaceChildren(...known.flatMap(job => [element('h2', '', job.job), stands(job), ...job.targets.map(target)]));
}

function stands(job) {
  const next = job.running ? 'running now'
    : Date.parse(job.paused_until) > Date.now() ? `paused until ${when(job.paused_until)}`
    : job.next ? `next: ${when(job.next)}` : job.schedule;
  return element('p', job.problem ? 'bad' : '', [job.problem, `last good run: ${when(job.last_good)}`, next].filter(Boolean).join(' · '));
}

function target(t) {
  const run = t.last_outcome ? `${t.last_outcome}, ${when(t.last_run)}` : 'no run yet';
  const drill = t.last_drill ? `proven ${when(t.last_drill)}: ${count(t.drill_files, 'file')} came back${t.drill_failures ? `, ${t.drill_failures} did not` : ''}` : 'never proven';
  const isBad = t.drill_failures || t.last_outcome && t.last_outcome !== 'complete';
  return element('p', isBad ? 'bad' : 'quiet', `${t.target}: ${run} · ${drill}`);
}

setInterval(() => { if (!document.hidden && !at('library').hidden) jobs(); }, BETWEEN_LOOKS);
