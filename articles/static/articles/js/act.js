// Decisions without leaving the list: one after the other, in the order they were made.
"use strict";

(() => {
  const { desk } = window;
  const PATIENCE_MS = 20000;
  const ANSWERED = 100; // Of a change of more stories the answer names the ids; the pulse brings the rows.
  let last = Promise.resolve();
  let waiting = 0;

  const post = (address, data) =>
    fetch(address, {
      method: "POST",
      body: data,
      keepalive: true,
      headers: { "HX-Request": "true", "HX-Current-URL": window.location.href },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });

  const isAnswer = (response) => (response.ok && !response.redirected) || response.status === 409 || response.status === 422;

  // Nothing was changed: the row is back as it was, with words and a way to it.
  const fail = (row, words) => {
    desk.say("error", words, row && document.getElementById(row.id));
  };

  const send = async (job) => {
    const now = job.row && document.getElementById(job.row.id);
    const data = job.data();
    if (now && data.has("version") && !job.exact) data.set("version", now.dataset.version);
    try {
      const response = await post(job.address, data);
      if (!isAnswer(response)) {
        fail(now, desk.wordsOf(response.redirected ? 403 : response.status));
        return false;
      }
      const touched = (response.headers.get("X-Desk-Touched") || "").split(",").filter(Boolean);
      const kept = window.location.href;
      const html = await response.text();
      if (kept === window.location.href) await desk.answer.place(html, touched);
      if (touched.length > ANSWERED) desk.pulse.now();
      return response.ok && touched;
    } catch {
      fail(now, desk.UNREACHABLE);
      return false;
    } finally {
      const shown = job.row && document.getElementById(job.row.id);
      if (shown) shown.removeAttribute("aria-busy");
    }
  };

  // Resolves to the ids of the stories that were touched, false if nothing was done.
  // `data` is asked for when its turn comes: the version is the one the answers before it left.
  const queue = (job) => {
    waiting += 1;
    if (job.row) job.row.setAttribute("aria-busy", "true");
    const mine = last.then(() => send(job)).finally(() => (waiting -= 1));
    last = mine.catch(() => {});
    return mine;
  };

  const formData = (button) => {
    const data = new FormData(button.form || document.getElementById("act"));
    if (button.name) data.append(button.name, button.value);
    return data;
  };

  // What a button would post, whether it stands on the page or in a preview that is ready but not shown.
  const byButton = (button, row, extra = {}) =>
    queue({
      address: button.getAttribute("formaction") || button.form.getAttribute("action"),
      row,
      data: () => {
        const data = formData(button);
        for (const [name, value] of Object.entries(extra)) data.set(name, value);
        return data;
      },
    });

  window.addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });

  desk.act = { byButton, queue, busy: () => waiting > 0, settled: () => last };
})();
