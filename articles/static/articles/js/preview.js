// The preview of the current row; those of the next rows are fetched before they are needed.
"use strict";

(() => {
  const { desk } = window;
  const KEPT = 40;
  const AHEAD = 2;
  const CALM_MS = 90;
  const kept = new Map(); // story id -> { version, html: Promise<string>, ready: string }
  let pending;

  const pane = () => document.getElementById("pane");
  const isShown = () => Boolean(pane() && pane().offsetParent !== null);

  const fetchOf = async (row) => {
    const response = await fetch(row.dataset.preview, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) throw new Error(`preview: ${response.status}`);
    return response.text();
  };

  // A preview is good as long as its row's version is; what an answer touched is fetched again.
  const get = (row) => {
    const { id, version } = row.dataset;
    const found = kept.get(id);
    if (found && found.version === version) return found;
    const entry = { version, ready: "", html: fetchOf(row) };
    entry.html.then(
      (html) => (entry.ready = html),
      () => kept.get(id) === entry && kept.delete(id),
    );
    kept.set(id, entry);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return entry;
  };

  const paint = (row, html) => {
    if (row !== desk.cursor.current() || !pane()) return;
    const old = pane();
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const command = active && active.dataset.command;
    const fresh = desk.answer.parse(html).querySelector("#pane");
    if (!fresh) return;
    fresh.dataset.of = row.dataset.id;
    old.replaceWith(fresh);
    htmx.process(fresh);
    document.dispatchEvent(new CustomEvent("desk:preview", { detail: { row, pane: fresh } }));
    if (active) ((command && fresh.querySelector(`[data-command="${command}"]`)) || row.querySelector(".headline")).focus({ preventScroll: true });
  };

  const ahead = (row) => {
    const all = desk.cursor.rows();
    const at = all.indexOf(row);
    for (const next of all.slice(at + 1, at + 1 + AHEAD)) get(next).html.catch(() => {});
  };

  const load = async (row) => {
    try {
      paint(row, await get(row).html);
    } catch {
      // The list works without its preview; the next move asks again.
    }
    if (row === desk.cursor.current()) ahead(row);
  };

  const show = (row) => {
    clearTimeout(pending);
    if (!row || !isShown()) return;
    const found = kept.get(row.dataset.id);
    if (found && found.version === row.dataset.version && found.ready) {
      paint(row, found.ready);
      pending = setTimeout(() => ahead(row), 0);
    } else {
      // A held key passes many rows: only where it rests something is fetched.
      pending = setTimeout(() => load(row), CALM_MS);
    }
  };

  const forget = (pk) => kept.delete(String(pk));

  // A control of a row that stands in its preview alone.
  const control = async (row, command) => {
    const selector = `[data-command="${command}"]`;
    const now = pane();
    if (now && now.dataset.of === row.dataset.id && now.querySelector(selector)) return now.querySelector(selector);
    return desk.answer.parse(await get(row).html).querySelector(selector);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const row = desk.cursor.current();
    if (!row) return;
    if (pane()) pane().dataset.of = row.dataset.id;
    setTimeout(() => isShown() && ahead(row), 300);
  });

  desk.preview = { show, forget, control, isShown };
})();
