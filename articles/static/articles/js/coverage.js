// The page of a group: the keys of a list on its rows. A key presses what stands in the current row anyway.
// It listens before the keys of every page do, because several rows hold the same command.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll(".group-row")];
  const current = () => document.querySelector(".group-row.current");
  const ticked = () => document.querySelectorAll('.group-row input[name="story"]:checked').length > 0;

  const to = (row) => {
    const old = current();
    if (old) old.classList.remove("current");
    row.classList.add("current");
    row.querySelector(".headline").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    if (all.length) to(all[at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
    return true;
  };

  const press = (selector, root) => {
    const found = root && root.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  };

  // Ticked stories first, then the story under the cursor, then what the desk proposes.
  const split = () =>
    (ticked() && press('.panel-head [data-command="split"]', document)) ||
    press('[data-command="split"]', current()) ||
    press('[data-command="cut"]', document);

  const COMMANDS = {
    next: () => step(1),
    previous: () => step(-1),
    select: () => press("input[type=checkbox]", current()),
    open: () => press(".headline", current()),
    lead: () => press('[data-command="lead"]', current()),
    unlink: () => press('[data-command="unlink"]', current()),
    split,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!window.desk.keymap.on() || document.querySelector("dialog[open]")) return;
    const control = event.target.closest("a, button, input, select, textarea, summary");
    const isText = control && control.matches("select, textarea, input:not([type=checkbox])");
    if (isText || (control && !control.matches(".headline, [type=checkbox]") && /^( |Enter)$/.test(event.key))) return;
    if (control && control.matches(".headline") && event.key === "Enter") return;
    const name = window.desk.keymap.commandOf(window.desk.keymap.spelled(event));
    if (name && COMMANDS[name] && COMMANDS[name]()) event.preventDefault();
  }, true);
})();
