// `t` in the list: a field of the current story in a dialog, saved without leaving the list.
"use strict";

(() => {
  const { desk } = window;
  let row = null;

  const dialog = () => document.getElementById("field-dialog");
  const body = () => dialog().querySelector(".dialog-body");

  const giveUp = (words) => {
    dialog().close();
    desk.say("error", words, row);
  };

  // The dialog opens at once and takes the keys: none of them decides anything in the list behind it.
  const begin = (which) => {
    row = which;
    body().replaceChildren(dialog().querySelector("template").content.cloneNode(true));
    desk.dialogs.open(dialog());
    dialog().focus();
  };

  const load = async (address) => {
    // The form holds the version that the decisions before it left.
    await desk.act.settled();
    try {
      const response = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!response.ok || response.redirected) return giveUp("The field cannot be edited just now. Reload the page.");
      body().replaceChildren(...desk.answer.parse(await response.text()).childNodes);
      (body().querySelector("[autofocus]") || body().querySelector("input:not([type=hidden]), button")).focus();
    } catch {
      giveUp("The desk cannot be reached. Nothing was changed.");
    }
  };

  const open = async (which, name) => {
    if (!dialog()) return desk.triage.refuse(name);
    begin(which);
    const link = await desk.triage.controlOf(which, name).catch(() => null);
    if (link) return load(link.href);
    dialog().close();
    return desk.triage.refuse(name);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!dialog() || !dialog().contains(form)) return;
    event.preventDefault();
    const address = new URL(form.action);
    address.searchParams.set("in_list", "1");
    const data = new FormData(form);
    dialog().close();
    desk.act.queue({ address, row: row && row.isConnected ? row : null, exact: true, data: () => data });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('#pane a[data-command="topics"], #field-dialog [data-cancel]');
    if (!link || event.ctrlKey || event.metaKey || !dialog()) return;
    event.preventDefault();
    if (dialog().contains(link)) return dialog().close();
    begin(desk.answer.rowOf(link.closest("#pane").dataset.of) || desk.cursor.current());
    load(link.href);
  });

  desk.fields = { open };
})();
