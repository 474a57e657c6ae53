// Coverage from the list: what will follow is shown first, one more key confirms it.
"use strict";

(() => {
  const { desk } = window;
  let row = null;

  const dialog = () => document.getElementById("regroup-dialog");

  const addressOf = (pk, what, others = []) => {
    const query = new URLSearchParams(others.map((other) => ["story", other]));
    return `${dialog().dataset.address.replace("/0/", `/${pk}/`).replace("/lead/", `/${what}/`)}?${query}`;
  };

  const body = () => dialog().querySelector(".dialog-body");

  const show = (html) => {
    body().replaceChildren(...desk.answer.parse(html).childNodes);
    (body().querySelector("[autofocus]") || body().querySelector("button, a")).focus();
  };

  const giveUp = (words) => {
    dialog().close();
    desk.say("error", words, row);
  };

  // The dialog opens at once and takes the keys: nobody confirms what is not to be seen yet.
  const load = async (address) => {
    body().replaceChildren(dialog().querySelector("template").content.cloneNode(true));
    desk.dialogs.open(dialog());
    dialog().focus();
    try {
      const response = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!dialog().open) return;
      if (response.ok && !response.redirected) show(await response.text());
      else giveUp("The desk could not work out what would follow. Nothing was changed.");
    } catch {
      giveUp("The desk cannot be reached. Nothing was changed.");
    }
  };

  const ask = (which, what) => {
    if (!dialog()) return false;
    row = which;
    return load(addressOf(which.dataset.id, what));
  };

  // `l`: the selected stories join the current one; with nothing selected the story's link page opens.
  const link = async (which) => {
    const others = desk.selection.picked().map((box) => box.value.split(":")[0]).filter((pk) => pk !== which.dataset.id);
    if (others.length) {
      row = which;
      return load(addressOf(which.dataset.id, "link", others));
    }
    const found = await desk.triage.controlOf(which, "link").catch(() => null);
    if (found) desk.go(found.href);
    else desk.triage.refuse("link");
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!dialog() || !dialog().contains(form) || form.method === "dialog") return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const address = (event.submitter && event.submitter.getAttribute("formaction")) || form.getAttribute("action");
    dialog().close();
    desk.act.queue({ address, row: row && row.isConnected ? row : null, exact: true, data: () => data });
    desk.selection.clear();
  });

  // A digit picks one of the numbered members, where the key was pressed on their lead.
  document.addEventListener("keydown", (event) => {
    if (!dialog() || !dialog().open || !/^[1-9]$/.test(event.key)) return;
    const choice = dialog().querySelector(`[data-digit="${event.key}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.click();
  });

  document.addEventListener("click", (event) => {
    const choice = event.target.closest("#regroup-dialog a[data-digit]");
    if (!choice) return;
    event.preventDefault();
    load(choice.href);
  });

  desk.regroup = { ask, link };
})();
