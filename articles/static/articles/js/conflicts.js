// The Conflicts page: f takes the file's value, d keeps the desk's, Shift+d always keeps it, in the current row.
// The row that keys mean is marked from the beginning; after an answer it is the one that followed.
"use strict";

(() => {
  const COMMANDS = { f: "take", d: "keep", D: "keep-always" };
  const current = () => document.querySelector(".group-row.current");

  const begin = () => {
    const place = document.getElementById(window.location.hash.slice(1));
    const row = place && place.matches(".group-row") ? place : document.querySelector(".group-row");
    if (!row || current()) return;
    row.classList.add("current");
    if (row === place) row.querySelector(".headline").focus();
  };

  // The page comes back where the next row is.
  const remember = (row) => {
    const next = row.nextElementSibling || row.previousElementSibling;
    const field = document.querySelector('#settle input[name="next"]');
    if (next && field) field.value = `${window.location.pathname}${window.location.search}#${next.id}`;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest('.group-row button[form="settle"]');
    if (button) remember(button.closest(".group-row"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!window.desk.keymap.on() || document.querySelector("dialog[open]")) return;
    if (event.target.closest("select, textarea, input:not([type=checkbox])")) return;
    const row = current();
    const button = COMMANDS[event.key] && row && row.querySelector(`[data-command="${COMMANDS[event.key]}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  }, true);

  begin();
})();
