// The current row: where the keys act, marked, focused and shown beside the list.
"use strict";

(() => {
  const { desk } = window;
  const find = (selector, root = document) => root.querySelector(selector);

  const rows = () => [...document.querySelectorAll("#rows > tr.row, #rows > tr.member:not(.more)")];
  const leads = () => [...document.querySelectorAll("#rows > tr.row")];
  const current = () => find("#rows > tr.current");

  const mark = (row) => {
    const old = current();
    if (old && old !== row) {
      old.classList.remove("current");
      old.removeAttribute("aria-current");
    }
    row.classList.add("current");
    row.setAttribute("aria-current", "true");
  };

  const to = (row) => {
    if (!row) return;
    mark(row);
    row.scrollIntoView({ block: "nearest" });
    find(".headline", row).focus({ preventScroll: true });
    desk.preview.show(row);
    desk.more.near(row);
    document.dispatchEvent(new CustomEvent("desk:cursor", { detail: { row } }));
  };

  const step = (by, among = rows()) => {
    if (!among.length) return null;
    const at = among.indexOf(current());
    const next = among[at === -1 ? 0 : Math.min(among.length - 1, Math.max(0, at + by))];
    to(next);
    return next;
  };

  // After a decision: the next group that waits. A member goes on to the next member, then to the next group.
  const advance = () => {
    const row = current();
    const all = rows();
    const rest = all.slice(all.indexOf(row) + 1);
    const next = row.matches(".member") ? rest[0] : rest.find((other) => other.matches(".row:not(.decided):not([aria-busy])"));
    if (next) to(next);
    else if (!desk.more.isLoading()) desk.say("info", "That was the last one of this list.");
  };

  const open = (row) => desk.go(find(".headline", row).href);

  // A click anywhere in a row shows it beside the list; where there is no preview it opens the story.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("#rows > tr.row, #rows > tr.member:not(.more)");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const control = event.target.closest("a, button, input, label, summary");
    if (control && !control.classList.contains("headline")) return;
    if (desk.preview.isShown() && event.detail <= 1) {
      event.preventDefault();
      to(row);
    } else if (!control) {
      open(row);
    }
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#rows > tr.row, #rows > tr.member:not(.more)");
    if (row && row !== current() && event.target.matches(".headline:focus-visible")) to(row);
  });

  desk.cursor = { rows, leads, current, mark, to, step, advance, open };
})();
