// Snoozing: a small menu; a digit, an arrow and Enter, or a click chooses until when.
"use strict";

(() => {
  const { desk } = window;
  let row = null;
  let latest = null;

  const dialog = () => document.getElementById("snooze-dialog");
  const options = () => [...dialog().querySelectorAll("[data-digit]")];

  const snooze = (which, until) => {
    latest = until;
    desk.triage.remember("snooze");
    desk.act.queue({
      address: dialog().dataset.address.replace("/0/", `/${which.dataset.id}/`),
      row: which,
      data: () => {
        const data = new FormData(document.getElementById("act"));
        data.set("version", which.dataset.version);
        for (const [name, value] of Object.entries(until)) data.set(name, value);
        return data;
      },
    });
    if (which === desk.cursor.current()) desk.cursor.advance();
    return true;
  };

  const open = (which) => {
    if (!dialog()) return false;
    row = which;
    dialog().querySelector(".panel-sub").textContent = which.querySelector(".headline").textContent;
    return desk.dialogs.open(dialog());
  };

  const again = (which) => (latest ? snooze(which, latest) : open(which));

  const choose = (button) => {
    dialog().close();
    snooze(row, { until: button.value });
  };

  document.addEventListener("keydown", (event) => {
    if (!dialog() || !dialog().open || event.target.matches('input:not([type="radio"])')) return;
    const all = options();
    const at = all.indexOf(document.activeElement);
    if (/^[1-9]$/.test(event.key) && all[event.key - 1]) choose(all[event.key - 1]);
    else if (event.key === "ArrowDown" || event.key === "j") all[Math.min(all.length - 1, at + 1)].focus();
    else if (event.key === "ArrowUp" || event.key === "k") all[Math.max(0, at - 1)].focus();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#snooze-dialog [data-digit]");
    if (button) choose(button);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#snooze-dialog form[data-date]")) return;
    event.preventDefault();
    const field = event.target.elements.date;
    if (!field.value) return;
    dialog().close();
    snooze(row, { date: field.value });
  });

  desk.snooze = { open, again };
})();
