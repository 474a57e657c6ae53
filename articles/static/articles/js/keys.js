// Single keys. A key presses what stands on the page anyway: a button, a link or a box.
"use strict";

(() => {
  const { desk } = window;
  const PREFIX_MS = 1500;
  let prefix = "";
  let forget;

  const typing = (target) =>
    target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type)) ||
    Boolean(target.closest('[role="combobox"], [role="listbox"], [role="textbox"]'));

  const press = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (!found || found.disabled) return false;
    found.click();
    return true;
  };

  const search = () => {
    const field = document.querySelector('input[type="search"]');
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  };

  // What works on every page; the list adds its own (triage.js).
  const COMMANDS = {
    help: () => desk.dialogs.open("keys-dialog"),
    search,
    commands: () => desk.commandbar.open(),
  };

  // The name of a command -> what it does on this page; false where it does nothing here.
  const carryOut = (name) => {
    const own = (desk.triage && desk.triage.commands[name]) || COMMANDS[name];
    return own ? own() !== false : press(`[data-command="${name}"]`);
  };

  const run = (name) => {
    const done = carryOut(name);
    if (done) document.dispatchEvent(new CustomEvent("desk:command", { detail: { name } }));
    return done;
  };

  const go = (key) => {
    const place = document.querySelector(`[data-go-key="${CSS.escape(key)}"]`);
    if (!place) return false;
    desk.go(place.href);
    return true;
  };

  const handle = (key) => {
    if (prefix) {
      prefix = "";
      return go(key);
    }
    if (key === desk.keymap.keyOf("go")) {
      prefix = key;
      clearTimeout(forget);
      forget = setTimeout(() => (prefix = ""), PREFIX_MS);
      return true;
    }
    if (desk.triage && desk.triage.digit(key)) return true;
    const name = desk.keymap.commandOf(key);
    return Boolean(name) && run(name);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      desk.commandbar.open();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !desk.keymap.on()) return;
    const { target } = event;
    if (event.key === "Escape" && target.type === "search") {
      target.blur();
      if (desk.cursor) desk.cursor.to(desk.cursor.current());
      return;
    }
    if (typing(target)) return;
    // Keys that a focused control needs for itself.
    const control = target.closest("a, button, summary, input");
    if (control && !control.classList.contains("headline") && (event.key === "Enter" || event.key === " ")) return;
    if (event.repeat && !/^[jk]$|^Arrow/.test(event.key)) {
      if (desk.keymap.commandOf(desk.keymap.spelled(event))) event.preventDefault();
      return;
    }
    if (handle(desk.keymap.spelled(event))) event.preventDefault();
  });

  desk.keys = { run, press };
})();
