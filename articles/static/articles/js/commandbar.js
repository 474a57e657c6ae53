// Ctrl+K: every command with its key, places, saved views, topics and providers; a pasted address says who has it.
"use strict";

(() => {
  const { desk } = window;
  const PAUSE_MS = 120;
  let options = [];
  let chosen = 0;
  let asked = 0;
  let timer;

  const dialog = () => document.getElementById("command-bar");
  const input = () => document.getElementById("command-input");
  const list = () => document.getElementById("command-options");

  const commands = () =>
    [...document.querySelectorAll("#keys-dialog [data-command-name]")].map((line) => ({
      kind: "Command",
      label: line.querySelector("dd").textContent,
      keys: [...line.querySelectorAll("kbd")].map((cap) => cap.textContent),
      run: () => desk.keys.run(line.dataset.commandName),
      hidden: ["go", "next", "previous", "escape"].includes(line.dataset.commandName),
    }));

  const places = () =>
    [...document.querySelectorAll("[data-go-key], [data-place]")].map((link) => ({
      kind: link.dataset.view === undefined ? "Go to" : "Saved view",
      label: link.textContent,
      keys: link.dataset.goKey ? [desk.keymap.keyOf("go"), link.dataset.goKey] : [],
      run: () => desk.go(link.href),
    }));

  const matches = (words) => (option) => {
    const text = `${option.kind} ${option.label}`.toLocaleLowerCase();
    return !option.hidden && words.every((word) => text.includes(word));
  };

  const local = () => {
    const words = input().value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return [...places(), ...commands()].filter(matches(words));
  };

  const element = (option, number) => {
    const line = document.createElement("div");
    line.role = "option";
    line.id = `command-option-${number}`;
    line.className = "command-option";
    line.dataset.number = number;
    const kind = document.createElement("small");
    kind.textContent = option.kind;
    const label = document.createElement("span");
    label.textContent = option.label;
    const keys = document.createElement("span");
    keys.className = "caps";
    for (const key of option.keys) keys.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    line.append(kind, label, keys);
    return line;
  };

  const choose = (number) => {
    chosen = options.length ? (number + options.length) % options.length : 0;
    for (const line of list().children) line.setAttribute("aria-selected", String(Number(line.dataset.number) === chosen));
    const line = list().children[chosen];
    if (line) {
      input().setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else {
      input().removeAttribute("aria-activedescendant");
    }
  };

  const show = (found) => {
    options = found;
    list().replaceChildren(...options.map(element));
    input().setAttribute("aria-expanded", String(options.length > 0));
    document.getElementById("command-state").textContent = options.length === 1 ? "1 choice" : `${options.length} choices`;
    choose(0);
  };

  const remote = async (text) => {
    const mine = ++asked;
    const response = await fetch(`${dialog().dataset.address}?${new URLSearchParams({ q: text })}`);
    if (!response.ok || response.redirected) return;
    const { options: found } = await response.json();
    if (mine !== asked || input().value.trim() !== text || !dialog().open) return;
    const lines = found.map(({ kind, label, url }) => ({ kind, label, keys: [], run: () => desk.go(url) }));
    const own = local();
    // An address means the answer; words mean a command first, if there is one.
    show(/^https?:/.test(text) || !own.length ? [...lines, ...own] : [...own, ...lines]);
  };

  const update = () => {
    clearTimeout(timer);
    const text = input().value.trim();
    show(local());
    timer = setTimeout(() => remote(text).catch(() => {}), text ? PAUSE_MS : 0);
  };

  const open = () => {
    if (!desk.dialogs.open(dialog())) return false;
    input().value = "";
    input().focus();
    update();
    return true;
  };

  const run = (number) => {
    const option = options[number];
    if (!option) return;
    dialog().close();
    // The focus goes back to the list first: the command acts where the cursor is.
    setTimeout(() => option.run(), 0);
  };

  const STEPS = { ArrowDown: 1, ArrowUp: -1 };

  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "command-input" || event.isComposing) return;
    if (STEPS[event.key]) choose(chosen + STEPS[event.key]);
    else if (event.key === "Enter") run(chosen);
    else return;
    event.preventDefault();
  });

  document.addEventListener("input", (event) => {
    if (event.target.id === "command-input") update();
  });

  document.addEventListener("click", (event) => {
    const line = event.target.closest(".command-option");
    if (line) run(Number(line.dataset.number));
  });

  desk.commandbar = { open };
})();
