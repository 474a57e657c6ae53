// Right after declining, a digit or a click says why: the reason is added to the decision just made.
"use strict";

(() => {
  const { desk } = window;
  const OFFERED_MS = 8000;
  let row = null;
  let done = null;
  let timer;

  const strip = () => document.getElementById("reasons");

  const close = () => {
    clearTimeout(timer);
    const was = Boolean(row);
    row = null;
    if (strip()) strip().hidden = true;
    return was;
  };

  const linger = () => {
    timer = setTimeout(() => (strip().matches(":hover, :focus-within") ? linger() : close()), OFFERED_MS);
  };

  const offer = (declined, answer) => {
    close();
    if (!strip()) return;
    row = declined;
    done = answer;
    strip().hidden = false;
    linger();
  };

  const amend = async (button) => {
    const declined = row;
    const answer = done;
    close();
    if (!declined || (await answer) === false) return;
    const now = document.getElementById(declined.id);
    desk.act.queue({
      address: strip().dataset.address.replace("/0/", `/${declined.dataset.id}/`),
      row: now,
      data: () => {
        const data = new FormData(document.getElementById("act"));
        data.set("version", declined.dataset.version);
        data.set("reason", button.value);
        return data;
      },
    });
  };

  const choose = (digit) => {
    const button = row && strip().querySelector(`[data-digit="${digit}"]`);
    if (!button) return false;
    amend(button);
    return true;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#reasons [data-digit]");
    if (!button) return;
    const inside = strip().contains(document.activeElement);
    amend(button);
    if (inside) desk.cursor.to(desk.cursor.current());
  });

  desk.reasons = { offer, choose, close };
})();
