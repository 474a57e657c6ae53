// Which key stands for which command: as the page was told (`data-keymap` of the body), never where keys are off.
"use strict";

(() => {
  const { desk } = window;
  let keys = {};
  let commands = {};

  const read = () => {
    keys = JSON.parse(document.body.dataset.keymap || "{}");
    commands = Object.fromEntries(Object.entries(keys).map(([name, key]) => [key, name]));
  };

  // A key as the key map spells it: a capital letter is Shift and the letter.
  const spelled = ({ key, shiftKey }) => {
    if (shiftKey && /^[a-z]$/i.test(key)) return `Shift+${key.toLowerCase()}`;
    return key === " " ? "Space" : key;
  };

  const on = () => document.body.dataset.keys !== "off";
  const keyOf = (name) => keys[name];
  const commandOf = (key) => commands[key];
  const label = (name) => document.querySelector(`#keys-dialog [data-command-name="${name}"] dd`)?.textContent || name;

  document.addEventListener("DOMContentLoaded", read);

  desk.keymap = { on, keyOf, commandOf, label, spelled };
})();
