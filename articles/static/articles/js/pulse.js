// Every few seconds, while the page is looked at: who is here, what others decided, how many stories came in.
"use strict";

(() => {
  const { desk } = window;
  const EVERY_MS = 5000;
  const ROWS = 200;
  let timer;
  let beating = false;

  const place = () => document.querySelector("[data-pulse]");

  // The rows around the cursor first: they are what is looked at.
  const watched = () => {
    const rows = desk.cursor ? desk.cursor.rows() : [];
    const at = Math.max(0, rows.indexOf(desk.cursor && desk.cursor.current()));
    return rows.slice(Math.max(0, at - ROWS / 2)).slice(0, ROWS);
  };

  const bodyOf = (page) => {
    const data = new FormData();
    const row = desk.cursor && desk.cursor.current();
    data.set("csrfmiddlewaretoken", document.querySelector("#act [name=csrfmiddlewaretoken]").value);
    data.set("here", row ? row.dataset.id : page.dataset.here || "");
    data.set("rows", watched().map((each) => `${each.dataset.id}:${each.dataset.version}`).join(","));
    data.set("query", page.dataset.query || "");
    data.set("since", page.dataset.since || "");
    return data;
  };

  const elementsOf = (pk) => [document.getElementById(`story-${pk}`), document.getElementById(`member-${pk}`)].filter(Boolean);

  const refresh = async (rows) => {
    for (const [pk, html] of Object.entries(rows)) {
      if (elementsOf(pk).some((row) => row.getAttribute("aria-busy"))) continue;
      await desk.answer.place(html, [pk]);
    }
  };

  const showWho = (who) => {
    for (const row of watched()) {
      const names = who[row.dataset.id] || "";
      const old = row.querySelector(".here");
      if (!names) {
        if (old) old.remove();
      } else if (!old || old.textContent !== names) {
        const mark = old || document.createElement("span");
        mark.className = "here";
        mark.title = `${names}: here or working on it`;
        mark.textContent = names;
        if (!old) row.querySelector(".meta").prepend(mark);
      }
    }
  };

  const showHere = (names) => {
    const line = document.getElementById("here-too");
    if (!line) return;
    const words = names.length ? `Also here: ${names.join(", ")}` : "";
    if (line.textContent !== words) line.textContent = words;
  };

  const showArrivals = (number) => {
    const chip = document.getElementById("arrivals");
    if (!chip || !number) return;
    chip.hidden = false;
    const words = `${number > 1000 ? "1,000+" : number} new`;
    if (chip.textContent !== words) chip.textContent = words;
  };

  const beat = async () => {
    const page = place();
    if (!page || document.hidden || beating) return;
    beating = true;
    try {
      const response = await fetch(page.dataset.pulse, { method: "POST", body: bodyOf(page) });
      if (!response.ok || response.redirected) return;
      const answer = await response.json();
      if (desk.answer && !(desk.act && desk.act.busy())) await refresh(answer.rows);
      if (desk.cursor) showWho(answer.who);
      showHere(answer.here);
      showArrivals(answer.arrivals);
    } catch {
      // The next beat asks again; a decision that cannot be sent says so itself.
    } finally {
      beating = false;
    }
  };

  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => beat().finally(again), EVERY_MS);
  };

  const now = () => beat().finally(again);

  document.addEventListener("visibilitychange", () => !document.hidden && now());
  document.addEventListener("DOMContentLoaded", () => place() && now());

  desk.pulse = { now };
})();
